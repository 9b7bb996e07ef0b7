//===- passes/escape/Explain.h - why a verdict holds ----------------------===//

#ifndef EMM_PASSES_ESCAPE_EXPLAIN_H
#define EMM_PASSES_ESCAPE_EXPLAIN_H

#include "passes/escape/EscapeBuilder.h"

#include <string>
#include <vector>

namespace emm {

/// The cause in one sentence: `returned`, `stored in global g`, `passed to unknown callee f`.
std::string describe(const Cause &C);

/// The chain from \p Subject's storage to the sink: the cause, then for each hop between names a line
/// `flow: DST = SRC:` and under it `from EXPR (why)` with its position.
class Explainer {
public:
  Explainer(EscapeBuilder &B, AnalysisContext &C);
  std::vector<Step> explain(NodeId Sink, const Fact &Last, llvm::StringRef SubjectName) const;

private:
  struct Hop {
    NodeId From, To;
    uint32_t Why;
  };
  void collect(NodeId Sink, const Fact &Last, std::vector<Hop> &Hops, unsigned Depth) const;
  Location position(const WhyNote &W) const;
  bool isSilent(const Hop &H) const;
  std::string nodeName(NodeId N) const;
  std::string expression(const WhyNote &W, llvm::StringRef SubjectName) const;
  std::string valueName(const llvm::Value *V) const;

  EscapeBuilder &B;
  AnalysisContext &C;
  llvm::DenseMap<NodeId, const llvm::Value *> ValueOf;
};

} // namespace emm

#endif
