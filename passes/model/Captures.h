//===- passes/model/Captures.h - what each closure captures ---------------===//
//
// Read before SROA, while every variable still has its own slot, and kept as
// strings and numbers: the slots are gone when the analyses run.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_PASSES_MODEL_CAPTURES_H
#define EMM_PASSES_MODEL_CAPTURES_H

#include "passes/model/Closures.h"
#include "passes/model/LibraryModels.h"
#include "passes/model/SourceMap.h"

#include <string>
#include <vector>

namespace emm {

struct Capture {
  std::string Name;      ///< of the captured variable; `this`; `capture#N` without debug information
  bool ByReference = false;
  bool AddressTaken = false; ///< other than by this capture and by calls of the variable's own members
  bool Assigned = false;     ///< after its initialisation, in the function or in the closure
  bool IsMap = false;
  bool Moved = false;        ///< by value, through the move constructor
  uint64_t Width = 0;        ///< size of the variable in bytes
  Location Declared;         ///< of the variable
  Location At;               ///< the capture in the introducer
};

/// One place where a closure object is made.
struct ClosureSite {
  const llvm::StructType *Type = nullptr;
  const llvm::Function *In = nullptr;
  Location Introducer; ///< of the `[`; unknown without captures or without debug information
  std::vector<Capture> Captures;
};

/// The closures that functions of \p M create, in the order of the module. \p M must not have been through SROA.
std::vector<ClosureSite> findClosureSites(const llvm::Module &M, const ClosureIndex &Closures, LibraryModels &Models);

} // namespace emm

#endif
