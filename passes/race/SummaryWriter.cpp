//===- passes/race/SummaryWriter.cpp --------------------------------------===//

#include "passes/race/SummaryWriter.h"

#include "passes/race/DocumentWriter.h"
#include "passes/race/Naming.h"
#include "reports/finding/ProgramKeys.h"
#include "reports/finding/RecordKeys.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DataLayout.h"

using namespace llvm;

namespace emm::race {

namespace {
constexpr unsigned MaxMembers = 1024; ///< of one variable that are named for other units
} // namespace

void SummaryWriter::add(const FunctionAnalysis &A, const Summary &S) {
  DocumentWriter W(U, A, S);
  Written Out;
  Out.Doc = W.write();
  Out.GlobalNames = std::move(W.globalNames());
  Out.Acts = W.acts();
  Out.Uses.assign(W.uses().begin(), W.uses().end());
  Out.Tables.assign(W.tables().begin(), W.tables().end());
  Out.F = &A.function();
  Leads[Out.F] = Out.Acts || any_of(Out.Uses, [&](const Function *G) { return G != Out.F && mayMatter(*G); });
  Docs.push_back(std::move(Out));
}

/// Calls \p Do for each function in \p K with the byte at which it stands.
static void forEachSlot(const Constant &K, uint64_t At, const DataLayout &DL,
                        function_ref<void(const Function &, uint64_t)> Do) {
  if (const auto *F = dyn_cast<Function>(K.stripPointerCastsAndAliases()))
    return Do(*F, At);
  if (const auto *S = dyn_cast<ConstantStruct>(&K)) {
    const StructLayout *L = DL.getStructLayout(S->getType());
    for (unsigned N = 0; N < S->getNumOperands(); ++N)
      forEachSlot(*S->getOperand(N), At + L->getElementOffset(N).getFixedValue(), DL, Do);
  } else if (const auto *A = dyn_cast<ConstantArray>(&K)) {
    uint64_t Size = DL.getTypeAllocSize(A->getType()->getElementType()).getFixedValue();
    for (unsigned N = 0; N < A->getNumOperands(); ++N)
      forEachSlot(*A->getOperand(N), At + N * Size, DL, Do);
  }
}

void SummaryWriter::readTable(const GlobalVariable &G, function_ref<bool(const Function &)> Counts,
                              std::map<std::string, std::string> &Out) const {
  std::string Table = symbolText('G', 'g', G);
  if (Table == "?")
    return;
  forEachSlot(*G.getInitializer(), 0, U.C.M.getDataLayout(), [&](const Function &F, uint64_t At) {
    if (std::string Of = Counts(F) ? symbolText('F', 'f', F) : "?"; Of != "?")
      Out.try_emplace(Table + (At ? ":" + utostr(At) : ""), Of);
  });
}

/// Other units, for which there may be no debug information of a variable that they only declare, use these names.
void SummaryWriter::nameMembers(std::map<std::string, Location> &Names) const {
  for (const GlobalVariable &G : U.C.M.globals()) {
    if (G.isDeclaration() || G.hasLocalLinkage() || G.isConstant() || G.isThreadLocal())
      continue;
    Root R;
    R.Kind = RootKind::Global;
    R.V = &G;
    PlaceId Base = U.Places.make(U.Places.root(R));
    std::string Text = symbolText('G', 'g', G);
    unsigned Count = 0;
    // What begins with the variable is named as the whole.
    if (Text != "?")
      forEachMember(U, G, [&](int64_t Offset) {
        if (!Offset)
          return;
        ObjectName N = Count++ < MaxMembers ? nameOf(U, U.Places.advance(Base, Offset, false), false) : ObjectName();
        if (!N.Text.empty())
          Names.try_emplace(Text + ":" + itostr(Offset) + " " + N.Text, N.Declaration);
      });
  }
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
  auto Counts = [&](const Function &F) {
    auto It = Index.find(&F);
    return It != Index.end() ? Matters[It->second] && Reached.contains(&F) : !hasBody(F) && !U.C.Models.isLibrary(F);
  };
  std::map<std::string, std::string> Slots;
  DenseSet<const GlobalVariable *> Tables;
  std::map<std::string, Location> Names;
  for (size_t N = 0; N < Docs.size(); ++N)
    if (Matters[N] && Reached.contains(Docs[N].F)) {
      for (auto &[Text, Declaration] : Docs[N].GlobalNames)
        Names.try_emplace(std::move(Text), std::move(Declaration));
      for (const GlobalVariable *G : Docs[N].Tables)
        if (Tables.insert(G).second)
          readTable(*G, Counts, Slots);
      Out.push_back(std::move(Docs[N].Doc));
    }
  std::map<std::string, std::string> Aliases;
  for (const GlobalAlias &A : U.C.M.aliases())
    if (const auto *F = dyn_cast_or_null<Function>(A.getAliaseeObject()); F && Index.count(F) && Counts(*F))
      Aliases[symbolText('F', 'f', A)] = symbolText('F', 'f', *F);
  Aliases.erase("?");
  nameMembers(Names);
  if (Names.empty() && Slots.empty() && Aliases.empty())
    return;
  SummaryDoc Doc;
  Doc.Kind = program::NamesKind;
  Doc.Function = record::HeaderFunction;
  PositionWriter Positions(U.C.Source.source().str());
  std::vector<SummaryDoc::Arg> Body;
  for (const auto &[Text, Declaration] : Names)
    Body.push_back({program::KeyName, Text + " " + Positions.write(Declaration), {}});
  for (const auto &[At, Of] : Slots)
    Body.push_back({program::KeyData, At + " " + Of, {}});
  for (const auto &[Name, Of] : Aliases)
    Body.push_back({program::KeyAlias, Name + " " + Of, {}});
  Doc.Args.push_back({program::KeyFunction, utostr(program::Version) + " strong", {Positions.files()[0], 0, 0}});
  for (size_t N = 1; N < Positions.files().size(); ++N)
    Doc.Args.push_back({program::KeyFile, "-", {Positions.files()[N], 0, 0}});
  llvm::move(Body, std::back_inserter(Doc.Args));
  Out.push_back(std::move(Doc));
}

} // namespace emm::race
