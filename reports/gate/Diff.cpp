//===- reports/gate/Diff.cpp - pairing entries of two reports -------------===//

#include "reports/gate/Diff.h"

#include "reports/finding/Fingerprint.h"

#include "llvm/ADT/StringExtras.h"

#include <map>
#include <numeric>
#include <tuple>

using namespace llvm;

namespace emm {

static StringRef pathOf(const Report &R, const Entry &E) {
  return E.Pos.hasFile() ? R.Files[E.Pos.File].Name : StringRef();
}

static std::string withoutNumbers(StringRef Message) {
  std::string Out;
  for (char C : Message)
    if (!isDigit(C) && C != '-')
      Out += C;
  return Out;
}

namespace {

using Queue = std::vector<uint32_t>;

/// Takes entries off both lists, in order, as long as both have one under the same key.
template <typename Key, typename KeyOf, typename Pair>
void pairUp(const Report &Old, const Report &New, Queue &OldOpen, Queue &NewOpen, KeyOf Of, Pair Each) {
  std::map<Key, std::pair<Queue, size_t>> Waiting;
  for (uint32_t I : OldOpen)
    Waiting[Of(Old, Old.Entries[I])].first.push_back(I);
  std::vector<bool> Taken(Old.Entries.size());
  Queue NewLeft, OldLeft;
  for (uint32_t I : NewOpen) {
    auto It = Waiting.find(Of(New, New.Entries[I]));
    if (It == Waiting.end() || It->second.second == It->second.first.size()) {
      NewLeft.push_back(I);
      continue;
    }
    uint32_t O = It->second.first[It->second.second++];
    Taken[O] = true;
    Each(O, I);
  }
  for (uint32_t I : OldOpen)
    if (!Taken[I])
      OldLeft.push_back(I);
  OldOpen = std::move(OldLeft);
  NewOpen = std::move(NewLeft);
}

} // namespace

ReportDiff diffReports(const Report &Old, const Report &New, const DiffOptions &O) {
  ReportDiff D;
  Queue OldOpen(Old.Entries.size()), NewOpen(New.Entries.size());
  std::iota(OldOpen.begin(), OldOpen.end(), 0);
  std::iota(NewOpen.begin(), NewOpen.end(), 0);
  auto ById = [](const Report &R, const Entry &E) { return std::pair(pathOf(R, E), E.Id); };
  pairUp<std::pair<StringRef, StringRef>>(Old, New, OldOpen, NewOpen, ById, [&](uint32_t A, uint32_t B) {
    StringRef Before = Old.Entries[A].Message, After = New.Entries[B].Message;
    bool Same = Before == After || (!O.Numbers && withoutNumbers(Before) == withoutNumbers(After));
    if (Same && Old.Entries[A].Severity == New.Entries[B].Severity)
      ++D.Unchanged;
    else
      D.Changed.push_back({A, B});
  });
  using Decision = std::tuple<StringRef, StringRef, std::string, StringRef>;
  auto ByDecision = [](const Report &R, const Entry &E) {
    return Decision(pathOf(R, E), E.RuleId.split('/').first, canonicalFunction(E.Function), E.Subject);
  };
  pairUp<Decision>(Old, New, OldOpen, NewOpen, ByDecision,
                   [&](uint32_t A, uint32_t B) { D.Changed.push_back({A, B}); });
  llvm::sort(D.Changed, [](const auto &X, const auto &Y) { return X.second < Y.second; });
  D.New = std::move(NewOpen);
  D.Gone = std::move(OldOpen);
  return D;
}

Report diffAsReport(const Report &Old, const Report &New, const ReportDiff &D) {
  Report R;
  R.Root = New.Root;
  R.Units = New.Units;
  // Files by name: both reports name theirs relative to their own root.
  std::map<StringRef, SourceFile> Files;
  for (const SourceFile &F : Old.Files)
    Files[F.Name] = F;
  for (const SourceFile &F : New.Files)
    Files[F.Name] = F;
  std::map<StringRef, uint32_t> Index;
  for (const auto &[Name, F] : Files) {
    Index[Name] = R.Files.size();
    R.Files.push_back(F);
  }
  auto Move = [&](const Report &From, Position P) {
    if (P.hasFile())
      P.File = Index[From.Files[P.File].Name];
    return P;
  };
  auto Add = [&](const Report &From, uint32_t I, EntryState State, StringRef Reason) {
    Entry E = From.Entries[I];
    E.Pos = Move(From, E.Pos);
    E.State = State;
    E.Reason = Reason;
    auto *Steps = R.Arena->Allocate<EntryStep>(E.Steps.size());
    for (size_t K = 0; K != E.Steps.size(); ++K)
      new (Steps + K) EntryStep{Move(From, E.Steps[K].Pos), E.Steps[K].Message};
    auto *Frames = R.Arena->Allocate<EntryFrame>(E.InlineStack.size());
    for (size_t K = 0; K != E.InlineStack.size(); ++K)
      new (Frames + K) EntryFrame{Move(From, E.InlineStack[K].Pos), E.InlineStack[K].Function};
    E.Steps = ArrayRef(Steps, E.Steps.size());
    E.InlineStack = ArrayRef(Frames, E.InlineStack.size());
    R.Entries.push_back(E);
  };
  for (uint32_t I : D.New)
    Add(New, I, EntryState::New, {});
  for (auto [A, B] : D.Changed)
    Add(New, B, EntryState::Updated, Old.Entries[A].Message);
  for (uint32_t I : D.Gone)
    Add(Old, I, EntryState::Fixed, {});
  llvm::stable_sort(R.Entries, [](const Entry &X, const Entry &Y) {
    return std::tie(X.Pos.File, X.Pos.Line, X.Pos.Column, X.RuleId, X.Message, X.Function) <
           std::tie(Y.Pos.File, Y.Pos.Line, Y.Pos.Column, Y.RuleId, Y.Message, Y.Function);
  });
  return R;
}

} // namespace emm
