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

#include "passes/inline/CalleeShape.h"
#include "passes/model/SourceMap.h"
#include "reports/finding/Finding.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Analysis/InlineCost.h"
#include "llvm/IR/LLVMContext.h"

#include <optional>
#include <vector>

namespace emm {

/// One decision as the inliner stated it.
struct InlineDecision {
  enum Kind { Inlined, AlwaysInlined, TooCostly, NeverInline, NoDefinition, Deferred, Failed, Indirect, Other } What = Other;
  std::string Caller, Callee; ///< mangled; no callee for an indirect call
  Location Loc;               ///< of the call as written, also when that code was itself inlined
  std::vector<InlineFrame> InlineStack; ///< how that code came into Caller
  bool HasCost = false;
  int Cost = 0, Threshold = 0;
  bool IsBound = false; ///< the inliner stopped counting when the cost reached the threshold
  bool IsCold = false;  ///< it compared with the threshold of cold calls
  std::string Reason; ///< LLVM's words: `noinline function attribute`
  unsigned LoopDepth = 0;             ///< of the call, for near misses
  std::optional<uint64_t> Executions; ///< from the profile, for near misses
  std::optional<CalleeShape> Shape;   ///< of the callee, for calls that were too costly
  std::optional<Location> Declared;   ///< of a callee without definition, if the user declares it

  int excess() const { return Cost - Threshold; }
  int missingPercent() const { return (excess() * 100 + Threshold - 1) / Threshold; } ///< rounded up
  /// Refused by at most a fifth of the threshold.
  bool isNearMiss() const { return What == TooCostly && !IsBound && Threshold > 0 && int64_t(excess()) * 5 <= Threshold; }
};

/// Installs itself on construction and restores the former handler in finish().
class InlineRecorder {
public:
  /// \p Level as on the command line.
  InlineRecorder(const llvm::Module &M, const SourceMap &Source, llvm::StringRef Level);
  ~InlineRecorder();

  /// Gives clang its handler back, and notes which functions \p M has lost. Idempotent.
  void finish(const llvm::Module &M);

  std::vector<InlineDecision> take() { return std::move(Decisions); }
  const llvm::StringMap<Location> &functionBegins() const { return Begin; }
  const llvm::StringSet<> &deleted() const { return Deleted; }

private:
  friend class RecordingHandler;
  void collectIndirectCalls(const llvm::Function &F);
  void restoreHandler();
  void classifyThreshold(InlineDecision &D) const;
  llvm::LLVMContext &Context;
  const SourceMap &Source;
  llvm::InlineParams Params;
  std::vector<InlineDecision> Decisions;
  /// Where the functions of the unit begin, by linkage name: the inliner's remarks give lines relative to it, and the
  /// function may be deleted before they are read.
  llvm::StringMap<Location> Begin;
  llvm::StringSet<> Deleted; ///< functions of the user that the compiler dropped
  llvm::StringMap<CalleeShape> Shapes;
  bool Installed = true;
};

/// What the report needs to know besides the decisions.
struct InlineUnit {
  const SourceMap &Source;
  const llvm::StringMap<Location> &Begin; ///< where functions are defined; what is not in it is not listed
  const llvm::StringSet<> &Deleted;
};

/// The decisions about user code as findings of the family `inline/`: one for each call as written, callee and
/// outcome, with the number of places the code was copied to; and one for each function that can or cannot be inlined.
void reportInlining(std::vector<InlineDecision> Decisions, const InlineUnit &Unit, std::vector<Finding> &Findings);

} // namespace emm

#endif
