//===- reports/gate/Baseline.cpp - making and matching --------------------===//

#include "reports/gate/Baseline.h"

#include "reports/finding/Fingerprint.h"

#include "llvm/ADT/StringExtras.h"

#include <map>
#include <set>
#include <tuple>

using namespace llvm;

namespace emm {

std::vector<std::string> buildsOf(const Report &R) {
  std::set<std::string> Builds;
  for (const Unit &U : R.Units)
    if (!U.Compiler.empty())
      Builds.insert((U.Compiler + " " + U.Target + (U.Flags.empty() ? "" : " ") + U.Flags).str());
  return {Builds.begin(), Builds.end()};
}

static bool counts(const Entry &E, Level Least) {
  return E.Severity >= Least && E.Severity != Level::Off && E.State != EntryState::Suppressed;
}

static StringRef pathOf(const Report &R, const Entry &E) {
  return E.Pos.hasFile() ? R.Files[E.Pos.File].Name : StringRef("<unknown>");
}

static auto keyOf(const BaselineRow &R) { return std::tie(R.Path, R.Rule, R.Id); }

Baseline makeBaseline(const Report &R, Level Least) {
  Baseline B;
  B.Builds = buildsOf(R);
  for (const Entry &E : R.Entries)
    if (counts(E, Least))
      B.Rows.push_back({pathOf(R, E).str(), E.RuleId.str(), E.Id.str(), 1, canonicalFunction(E.Function), E.Message.str()});
  llvm::stable_sort(B.Rows, [](const BaselineRow &X, const BaselineRow &Y) { return keyOf(X) < keyOf(Y); });
  std::vector<BaselineRow> Merged;
  for (BaselineRow &Row : B.Rows)
    if (!Merged.empty() && keyOf(Merged.back()) == keyOf(Row))
      Merged.back().Count += Row.Count;
    else
      Merged.push_back(std::move(Row));
  B.Rows = std::move(Merged);
  return B;
}

/// What stays of a sentence when costs, lines and columns in it change.
static std::string gist(StringRef Message) {
  std::string Out;
  for (char C : Message)
    if (!isDigit(C))
      Out += C;
  return Out;
}

namespace {

/// Pairs rows with entries tier by tier. Rows are consumed by lowering their count.
class BaselineMatcher {
public:
  BaselineMatcher(Report &R, const Baseline &B, Level Least) : R(R), Rows(B.Rows) {
    for (uint32_t I = 0; I != R.Entries.size(); ++I)
      if (counts(R.Entries[I], Least) && R.Entries[I].State == EntryState::None)
        Open.push_back(I);
  }

  BaselineMatch run();

private:
  template <typename KeyOfRow, typename KeyOfEntry>
  void pairBy(KeyOfRow RowKey, KeyOfEntry EntryKey, EntryState State, bool OneToOne);

  Report &R;
  std::vector<BaselineRow> Rows;
  std::vector<uint32_t> Open; ///< entries without a row so far, in order
};

template <typename KeyOfRow, typename KeyOfEntry>
void BaselineMatcher::pairBy(KeyOfRow RowKey, KeyOfEntry EntryKey, EntryState State, bool OneToOne) {
  using Key = decltype(RowKey(Rows.front()));
  std::map<Key, std::vector<BaselineRow *>> ByKey;
  for (BaselineRow &Row : Rows)
    if (Row.Count)
      ByKey[RowKey(Row)].push_back(&Row);
  std::map<Key, unsigned> Wanted;
  if (OneToOne)
    for (uint32_t I : Open)
      ++Wanted[EntryKey(R.Entries[I])];
  std::vector<uint32_t> Left;
  for (uint32_t I : Open) {
    Entry &E = R.Entries[I];
    Key K = EntryKey(E);
    auto It = ByKey.find(K);
    BaselineRow *Found = nullptr;
    if (It != ByKey.end() && !(OneToOne && (Wanted[K] != 1 || It->second.size() != 1 || It->second[0]->Count != 1)))
      for (BaselineRow *Row : It->second)
        if (Row->Count && !Found)
          Found = Row;
    if (!Found) {
      Left.push_back(I);
      continue;
    }
    --Found->Count;
    E.State = State;
    if (State == EntryState::Updated)
      E.Reason = StringRef(Found->Message).copy(*R.Arena);
  }
  Open = std::move(Left);
}

BaselineMatch BaselineMatcher::run() {
  pairBy([](const BaselineRow &Row) { return std::pair(StringRef(Row.Path), StringRef(Row.Id)); },
         [&](const Entry &E) { return std::pair(pathOf(R, E), E.Id); }, EntryState::Unchanged, false);
  pairBy([](const BaselineRow &Row) { return StringRef(Row.Id); }, [](const Entry &E) { return E.Id; },
         EntryState::Unchanged, true);
  pairBy(
      [](const BaselineRow &Row) { return std::tuple(Row.Path, Row.Rule, Row.Function, gist(Row.Message)); },
      [&](const Entry &E) {
        return std::tuple(pathOf(R, E).str(), E.RuleId.str(), canonicalFunction(E.Function), gist(E.Message));
      },
      EntryState::Updated, true);
  for (uint32_t I : Open)
    R.Entries[I].State = EntryState::New;
  std::set<StringRef> Read{"<unknown>"};
  for (const SourceFile &F : R.Files)
    Read.insert(F.Name);
  BaselineMatch M;
  for (BaselineRow &Row : Rows)
    if (Row.Count)
      (Read.count(Row.Path) ? M.Fixed : M.NotRead).push_back(std::move(Row));
  return M;
}

} // namespace

BaselineMatch matchBaseline(Report &R, const Baseline &B, Level Least) { return BaselineMatcher(R, B, Least).run(); }

} // namespace emm
