//===- passes/Session.h - one translation unit from first hook to last ----===//
//
//   start()   at PipelineStart: a unit with lambdas is analysed on a private
//             copy, before SROA takes closure objects apart
//   begin()   at PipelineEarlySimplification: all other units, in place (at -O0
//             on a copy); start to listen to the inliner
//   finish()  at OptimizerLast: stop listening, settle and store the findings
//
// The IR that code is generated from is only read. A session belongs to one
// PassBuilder, so parallel back ends share nothing.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_PASSES_SESSION_H
#define EMM_PASSES_SESSION_H

#include "passes/Analysis.h"
#include "passes/Options.h"
#include "passes/inline/InlineRecorder.h"
#include "passes/model/SourceMap.h"
#include "reports/finding/Config.h"
#include "reports/finding/Finding.h"
#include "reports/finding/RecordText.h"

#include "llvm/IR/PassManager.h"

#include <memory>
#include <optional>
#include <vector>

namespace emm {

class Session {
public:
  explicit Session(Options O) : Opts(std::move(O)) {}

  void start(llvm::Module &M, llvm::ModuleAnalysisManager &MAM);
  /// \p OptLevel as on the command line (`-O2`). At `-O0` the analyses see a private copy.
  void begin(llvm::Module &M, llvm::ModuleAnalysisManager &MAM, llvm::StringRef OptLevel);
  void finish(llvm::Module &M);

private:
  std::unique_ptr<LibraryModels> loadModels(const llvm::Module &M);
  /// Levels and path filters of the configuration; what is off is dropped.
  void applySettings();
  void analyseCopy(llvm::Module &M, llvm::ModuleAnalysisManager &MAM);
  void analyse(const llvm::Module &M, const SourceMap &Source, LibraryModels &Models, const ClosureFacts *Closures);

  Options Opts;
  Config Settings;
  std::string OptLevel;
  std::optional<SourceMap> Source;
  std::unique_ptr<InlineRecorder> Inliner;
  std::vector<Finding> Findings;
  std::vector<SummaryDoc> Summaries;
  bool Analysed = false, Active = false;
};

} // namespace emm

#endif
