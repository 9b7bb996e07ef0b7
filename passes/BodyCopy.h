//===- passes/BodyCopy.h - a function's body, set aside and copied --------===//
//
// While a SetAside lives, the function has a copy of its body and arguments of
// its own; the originals wait, untouched, in a function that no module has.
// Everything else (callees, globals, constants, types, debug information) is
// shared, so a copy costs its instructions and nothing more. Taking the copy
// away and putting the original back leaves the module as it was.
//
// Limits: an address of a label (`&&label`) stays that of the original block.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_PASSES_BODYCOPY_H
#define EMM_PASSES_BODYCOPY_H

#include "llvm/IR/Function.h"

#include <memory>

namespace emm {

class SetAside {
public:
  /// \p F must have a body.
  explicit SetAside(llvm::Function &F);
  /// Drops the copy, whatever became of it, and restores the original.
  ~SetAside();
  SetAside(const SetAside &) = delete;
  SetAside &operator=(const SetAside &) = delete;

  llvm::Function &function() const { return F; }

private:
  llvm::Function &F;
  std::unique_ptr<llvm::Function> Original; ///< holds the blocks and the arguments
};

} // namespace emm

#endif
