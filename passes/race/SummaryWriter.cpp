//===- passes/race/SummaryWriter.cpp --------------------------------------===//

#include "passes/race/SummaryWriter.h"

#include "passes/race/DocumentWriter.h"
#include "reports/finding/ProgramKeys.h"
#include "reports/finding/RecordKeys.h"

#include "llvm/ADT/StringExtras.h"

#include <map>

using namespace llvm;

namespace emm::race {

void SummaryWriter::add(const FunctionAnalysis &A, const Summary &S) {
  DocumentWriter W(U, A, S);
  Written Out;
  Out.Doc = W.write();
  Out.GlobalNames = std::move(W.globalNames());
  Out.Acts = W.acts();
  Out.Uses.assign(W.uses().begin(), W.uses().end());
  Out.F = &A.function();
  Leads[Out.F] = Out.Acts || any_of(Out.Uses, [&](const Function *G) { return G != Out.F && mayMatter(*G); });
  Docs.push_back(std::move(Out));
}

void SummaryWriter::finish(std::vector<SummaryDoc> &Out) {
  DenseMap<const Function *, size_t> Index;
  for (size_t N = 0; N < Docs.size(); ++N)
    Index[Docs[N].F] = N;
  // What leads to a function that acts matters as well.
  std::vector<SmallVector<size_t, 4>> UsedBy(Docs.size());
  for (size_t N = 0; N < Docs.size(); ++N)
    for (const Function *G : Docs[N].Uses)
      if (auto It = Index.find(G); It != Index.end())
        UsedBy[It->second].push_back(N);
  std::vector<bool> Matters(Docs.size());
  SmallVector<size_t, 32> Work;
  auto Mark = [&](size_t N) {
    if (!Matters[N]) {
      Matters[N] = true;
      Work.push_back(N);
    }
  };
  for (size_t N = 0; N < Docs.size(); ++N)
    if (Docs[N].Acts)
      Mark(N);
  while (!Work.empty())
    for (size_t By : UsedBy[Work.pop_back_val()])
      Mark(By);
  // A local function that nobody names is called by nobody.
  DenseSet<const Function *> Reached;
  SmallVector<const Function *, 32> Reach;
  auto Enter = [&](const Function *F) {
    if (Index.count(F) && Reached.insert(F).second)
      Reach.push_back(F);
  };
  for (const Written &W : Docs)
    if (!W.F->hasLocalLinkage() || W.F->hasAddressTaken())
      Enter(W.F);
  while (!Reach.empty())
    for (const Function *G : Docs[Index[Reach.pop_back_val()]].Uses)
      Enter(G);
  std::map<std::string, Location> Names;
  for (size_t N = 0; N < Docs.size(); ++N)
    if (Matters[N] && Reached.contains(Docs[N].F)) {
      for (auto &[Text, Declaration] : Docs[N].GlobalNames)
        Names.try_emplace(std::move(Text), std::move(Declaration));
      Out.push_back(std::move(Docs[N].Doc));
    }
  if (Names.empty())
    return;
  SummaryDoc Doc;
  Doc.Kind = program::NamesKind;
  Doc.Function = record::HeaderFunction;
  PositionWriter Positions(U.C.Source.source().str());
  std::vector<SummaryDoc::Arg> Body;
  for (const auto &[Text, Declaration] : Names)
    Body.push_back({program::KeyName, Text + " " + Positions.write(Declaration), {}});
  Doc.Args.push_back({program::KeyFunction, utostr(program::Version) + " strong", {Positions.files()[0], 0, 0}});
  for (size_t N = 1; N < Positions.files().size(); ++N)
    Doc.Args.push_back({program::KeyFile, "-", {Positions.files()[N], 0, 0}});
  llvm::move(Body, std::back_inserter(Doc.Args));
  Out.push_back(std::move(Doc));
}

} // namespace emm::race
