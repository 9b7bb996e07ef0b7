//===- reports/record/MergerFinish.cpp - order, names and ids -------------===//

#include "reports/finding/Config.h"
#include "reports/record/Merger.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/xxhash.h"

#include <numeric>

using namespace llvm;

namespace emm {

/// The longest common directory of the units' sources, widened by at most two directories: to the directories the
/// compiler ran in (a project is built at its top, or in a folder of it), then to the user's own headers beside the
/// sources (`src/` and `include/`). Names are then what people in the project's directory type.
void Merger::chooseRoot() {
  if (StringRef Given = Paths.sourceRoot(); !Given.empty()) {
    R.Root = Given.str();
    return;
  }
  std::string Root;
  auto TakeIn = [&](StringRef Path) {
    StringRef Dir = sys::path::parent_path(Path);
    Root = Root.empty() ? Dir.str() : commonDirectory(Root, Dir);
  };
  for (const std::string &Source : UnitSources)
    TakeIn(Source);
  if (UnitSources.empty())
    Root = FoundBase;
  if (Root.empty())
    for (const SourceFile &F : R.Files)
      if (!F.Path.empty() && !isSystemPath(F.Path))
        TakeIn(F.Path);
  if (Root.empty() || Root == "/")
    return;
  std::string Highest = Root;
  for (unsigned Steps = 0; Steps != 2 && StringRef(Highest).count('/') > 1; ++Steps)
    Highest = sys::path::parent_path(Highest).str();
  auto Widen = [&](StringRef Dir) {
    if (std::string Wide = commonDirectory(Root, Dir); isBelow(Wide, Highest))
      Root = Wide;
  };
  for (const Unit &U : R.Units)
    if (sys::path::is_absolute(U.Base))
      Widen(U.Base);
  for (const SourceFile &F : R.Files)
    if (!F.Path.empty() && !isSystemPath(F.Path))
      Widen(sys::path::parent_path(F.Path));
  R.Root = Root;
}

void Merger::nameFiles() {
  StringSet<> Taken;
  for (SourceFile &F : R.Files) {
    if (F.Path.empty())
      continue;
    F.Name = F.Path;
    if (!R.Root.empty() && F.Path != R.Root && isBelow(F.Path, R.Root))
      F.Name = F.Path.drop_front(R.Root == "/" ? 1 : R.Root.size() + 1);
    Taken.insert(F.Name);
  }
  for (SourceFile &F : R.Files)
    if (F.Path.empty() && Taken.contains(F.Name))
      F.Name = intern(("unresolved/" + F.Name).str());
  std::vector<uint32_t> Order(R.Files.size()), Rank(R.Files.size());
  std::iota(Order.begin(), Order.end(), 0);
  llvm::sort(Order, [&](uint32_t A, uint32_t B) {
    return std::tie(R.Files[A].Name, R.Files[A].Path) < std::tie(R.Files[B].Name, R.Files[B].Path);
  });
  std::vector<SourceFile> Sorted;
  for (uint32_t I : Order) {
    Rank[I] = Sorted.size();
    Sorted.push_back(R.Files[I]);
  }
  R.Files = std::move(Sorted);
  auto Renumber = [&](Position &P) {
    if (P.hasFile())
      P.File = Rank[P.File];
  };
  for (const Summary &S : R.Summaries)
    for (const SummaryArg &A : S.Args)
      Renumber(const_cast<Position &>(A.Pos));
  for (Entry &E : R.Entries) {
    Renumber(E.Pos);
    // The arrays were allocated by this merger and are shared with nobody.
    for (const EntryStep &S : E.Steps)
      Renumber(const_cast<Position &>(S.Pos));
    for (const EntryFrame &F : E.InlineStack)
      Renumber(const_cast<Position &>(F.Pos));
  }
}

/// Files are numbered by name; an entry without a file comes last in its own right, as ~0u.
void Merger::sortEntries() {
  std::vector<uint32_t> Order(R.Entries.size());
  std::iota(Order.begin(), Order.end(), 0);
  llvm::sort(Order, [&](uint32_t A, uint32_t B) {
    const Entry &X = R.Entries[A], &Y = R.Entries[B];
    auto KeyX = std::tie(X.Pos.File, X.Pos.Line, X.Pos.Column), KeyY = std::tie(Y.Pos.File, Y.Pos.Line, Y.Pos.Column);
    if (KeyX != KeyY)
      return KeyX < KeyY;
    return std::tie(X.RuleId, X.Message, Sides[A].Function) < std::tie(Y.RuleId, Y.Message, Sides[B].Function);
  });
  std::vector<Entry> Entries;
  std::vector<Side> NewSides;
  Entries.reserve(Order.size());
  NewSides.reserve(Order.size());
  for (uint32_t I : Order) {
    Entry &E = Entries.emplace_back(R.Entries[I]);
    NewSides.push_back(Sides[I]);
    // The same findings in the object and in clang's own record are one unit's.
    E.Units = std::max(1u, Sides[I].Headed ? Sides[I].Headed : Sides[I].Plain);
  }
  R.Entries = std::move(Entries);
  Sides = std::move(NewSides);
}

/// As Fingerprint.h does it, with the sentence, its numbers taken out, for the subject: costs and offsets change.
void Merger::assignForeignIds() {
  DenseMap<uint64_t, std::pair<unsigned, Position>> Counts;
  for (size_t I = 0; I != R.Entries.size(); ++I) {
    Entry &E = R.Entries[I];
    if (!E.Id.empty())
      continue;
    SmallString<256> Key;
    StringRef File = E.Pos.hasFile() ? sys::path::filename(R.Files[E.Pos.File].Name) : StringRef();
    for (StringRef Part : {E.RuleId, File, Sides[I].Function}) {
      Key += Part;
      Key += '\0';
    }
    for (char C : E.Message)
      if (!isDigit(C) && C != '-')
        Key += C;
    auto &[Ordinal, Last] = Counts[xxh3_64bits(Key)];
    if (Ordinal == 0 || std::tie(Last.Line, Last.Column) != std::tie(E.Pos.Line, E.Pos.Column) ||
        Last.File != E.Pos.File) {
      ++Ordinal;
      Last = E.Pos;
    }
    Key += '\0';
    Key += utostr(Ordinal);
    E.Id = StringRef(utohexstr(xxh3_64bits(Key), /*LowerCase=*/true, 16)).copy(*R.Arena);
  }
}

Report Merger::finish() {
  endInput();
  Folded.clear();
  chooseRoot();
  nameFiles();
  sortEntries();
  assignForeignIds();
  for (const auto &In : UnresolvedIn)
    R.Problems.push_back({In.first().str(),
                          formatv("{0} source file{1} not found: name the sources with --source-root", In.second,
                                  In.second == 1 ? "" : "s"),
                          false});
  llvm::stable_sort(R.Problems, [](const InputProblem &A, const InputProblem &B) {
    return std::tie(A.Input, A.Message) < std::tie(B.Input, B.Message);
  });
  return std::move(R);
}

} // namespace emm
