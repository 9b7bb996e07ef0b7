//===- passes/race/DocumentBlocks.cpp - the graph of a document -----------===//

#include "passes/race/DocumentWriter.h"

#include "reports/finding/ProgramKeys.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace emm::race {

std::string PositionWriter::write(const Location &L) {
  size_t N = find(Files, L.File) - Files.begin();
  if (N == Files.size())
    Files.push_back(L.File);
  std::string Text(1, '@');
  if (N)
    Text.append(utostr(N)).append(1, '/');
  Text += itostr(int64_t(L.Line) - Last) + ":" + utostr(L.Column);
  Last = L.Line;
  return Text;
}

void DocumentWriter::addBlocks(std::vector<SummaryDoc::Arg> &Out, PositionWriter &Positions) {
  DenseMap<const BasicBlock *, SmallVector<const BasicBlock *, 2>> Next;
  DenseMap<const BasicBlock *, bool> Busy;
  for (const auto &Entry : At)
    Busy[Entry.first->getParent()] = true;
  std::vector<const BasicBlock *> Order;
  SmallVector<const BasicBlock *, 16> Work{&F.getEntryBlock()};
  DenseSet<const BasicBlock *> Seen{&F.getEntryBlock()};
  for (size_t N = 0; N < Work.size(); ++N) {
    const BasicBlock *B = Work[N];
    const Instruction *T = B->getTerminator();
    for (unsigned I = 0; I < T->getNumSuccessors(); ++I) {
      const BasicBlock *To = T->getSuccessor(I);
      if (!isFeasible(*B, I) || (isa<InvokeInst>(T) && To == cast<InvokeInst>(T)->getUnwindDest()))
        continue;
      if (!is_contained(Next[B], To))
        Next[B].push_back(To);
      if (Seen.insert(To).second)
        Work.push_back(To);
    }
  }
  // An idle block with one way on is the beginning of that way.
  auto Skip = [&](const BasicBlock *B) {
    for (unsigned Depth = 0; Depth < 64 && !Busy.lookup(B) && Next[B].size() == 1; ++Depth)
      B = Next[B].front();
    return B;
  };
  DenseMap<const BasicBlock *, unsigned> Number;
  Work.assign(1, Skip(&F.getEntryBlock()));
  Number[Work[0]] = 0;
  for (size_t N = 0; N < Work.size(); ++N)
    for (const BasicBlock *To : Next[Work[N]])
      if (Number.try_emplace(Skip(To), Work.size()).second)
        Work.push_back(Skip(To));
  std::vector<std::string> Tells;
  auto Letter = [](StartTells T) { return T == StartTells::Nothing ? '-' : T == StartTells::Zero ? 'z' : 'n'; };
  auto Forks = [&](const Told &T) {
    std::string Text;
    for (const Fork &K : T.Forks) {
      if (!Number.count(K.Block))
        continue;
      auto To = [&](std::optional<unsigned> N) {
        const BasicBlock *S = N && isFeasible(*K.Block, *N) ? Skip(K.Block->getTerminator()->getSuccessor(*N)) : nullptr;
        return S ? utostr(Number[S]) : "-";
      };
      std::string Zero = To(K.IfZero), NonZero = To(K.IfNonZero);
      if (Zero != NonZero)
        Text += " " + utostr(Number[K.Block]) + ":" + Zero + ":" + NonZero;
    }
    return Text;
  };
  for (const BasicBlock *B : Work) {
    std::string Line = isa<ReturnInst>(B->getTerminator()) ? "ret" : "";
    SmallSetVector<unsigned, 4> Successors;
    for (const BasicBlock *To : Next[B])
      Successors.insert(Number[Skip(To)]);
    for (unsigned To : Successors)
      Line += (Line.empty() ? "" : " ") + utostr(To);
    std::vector<Event *> Here;
    if (Busy.lookup(B))
      for (const Instruction &I : *B)
        if (auto It = At.find(&I); It != At.end()) {
          // Of a barrier and what else its instruction does, the barrier comes first.
          llvm::stable_sort(It->second, [](const Event &X, const Event &Y) { return (X.Kind == 'j') > (Y.Kind == 'j'); });
          for (Event &E : It->second)
            Here.push_back(&E);
        }
    // Between two calls, starts or joins the same access again is no more than a count.
    StringMap<Event *> Same;
    for (Event *&E : Here) {
      if (!StringRef(program::KindLetters).contains(E->Kind)) {
        Same.clear();
        continue;
      }
      auto [It, New] = Same.try_emplace(std::string(1, E->Kind) + E->Text, E);
      if (!New) {
        It->second->Count += E->Count;
        E = nullptr;
      }
    }
    unsigned Index = 0;
    DenseMap<const Event *, const Told *> ToldBy;
    if (Busy.lookup(B))
      for (const Instruction &I : *B)
        if (auto It = Results.find(&I); It != Results.end())
          for (const Event &E : At.find(&I)->second)
            if (E.Kind == 'c' || E.Kind == 's')
              ToldBy[&E] = &It->second;
    for (Event *E : Here)
      if (E) {
        if (const Told *T = ToldBy.lookup(E)) {
          std::string Answers;
          for (StartTells One : T->Answers)
            Answers += Letter(One);
          if (std::string Text = Answers + Forks(*T); Text != "---")
            Tells.push_back(utostr(Number[B]) + "." + utostr(Index) + " " + Text);
        }
        ++Index;
        Line.append(1, ';').append(1, E->Kind).append(1, ' ').append(E->Text);
        if (E->Count != 1)
          Line += " c=" + utostr(E->Count);
        Line += ' ';
        for (const Location &L : E->At)
          Line += Positions.write(L);
      }
    Out.push_back({program::KeyBlock, Line.empty() ? "-" : Line, {}});
  }
  for (std::string &Text : Tells)
    Out.push_back({program::KeyTells, std::move(Text), {}});
}

} // namespace emm::race
