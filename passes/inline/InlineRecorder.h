//===- passes/inline/InlineRecorder.h - LLVM's own inlining decisions -----===//
//
// Collects the remarks of the inliner that runs in this compilation, without
// disturbing it. A handler wraps clang's diagnostic handler for the time
// between emm's two hooks.
//
// Measured traps that fix the shape: answering true to the question whether
// missed remarks of pass `inline` are wanted makes the inliner compute full
// costs and changes its decisions; a remark streamer makes every pass compute
// remarks. So the wrapper leaves that question to clang and answers true only
// to "passed remarks of inline" and "any remarks"; the refused calls arrive as
// well, and the object stays bit-identical.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_PASSES_INLINE_INLINERECORDER_H
#define EMM_PASSES_INLINE_INLINERECORDER_H

#include "passes/model/LibraryModels.h"
#include "passes/model/SourceMap.h"
#include "reports/finding/Finding.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/IR/LLVMContext.h"

#include <vector>

namespace emm {

/// One decision as the inliner stated it.
struct InlineDecision {
  enum Kind { Inlined, AlwaysInlined, TooCostly, NeverInline, NoDefinition, Other } What = Other;
  std::string Caller, Callee; ///< mangled
  Location Loc;               ///< of the call as written, also when that code was itself inlined
  std::vector<InlineFrame> InlineStack; ///< how that code came into Caller; known for inlined calls only
  bool HasCost = false;
  int Cost = 0, Threshold = 0;
  std::string Reason; ///< LLVM's words: `noinline function attribute`
};

/// Installs itself on construction and restores the former handler in finish().
class InlineRecorder {
public:
  InlineRecorder(const llvm::Module &M, const SourceMap &Source);
  ~InlineRecorder();

  /// Gives clang its handler back. Idempotent.
  void finish();

  std::vector<InlineDecision> take() { return std::move(Decisions); }
  const llvm::StringMap<Location> &functionBegins() const { return Begin; }

private:
  friend class RecordingHandler;
  llvm::LLVMContext &Context;
  const SourceMap &Source;
  std::vector<InlineDecision> Decisions;
  /// Where the functions of the unit begin, by linkage name: the inliner's remarks give lines relative to it, and the
  /// function may be deleted before they are read.
  llvm::StringMap<Location> Begin;
  bool Installed = true;
};

/// The decisions about user code as findings of the family `inline/`: one for each call as written, callee and
/// outcome, with the number of places the code was copied to; and one for each function that can or cannot be inlined.
/// \p Begin says where functions are defined; a function that is not in it is not listed.
void reportInlining(std::vector<InlineDecision> Decisions, const SourceMap &Source,
                    const llvm::StringMap<Location> &Begin, std::vector<Finding> &Findings);

} // namespace emm

#endif
