//===- reports/record/Merger.cpp - folding --------------------------------===//

#include "reports/record/Merger.h"

#include "reports/finding/Fingerprint.h"
#include "reports/record/Reader.h"

#include "llvm/ADT/Hashing.h"
#include "llvm/Support/FormatVariadic.h"

using namespace llvm;

namespace emm {

Merger::Merger(const ReadOptions &Options)
    : Paths(Options), Folded(64, HashIndex{*this}, SameIndex{*this}) {}

StringRef Merger::intern(StringRef S) {
  if (S.empty())
    return {};
  CachedHashStringRef Key(S);
  if (auto It = Strings.find(Key); It != Strings.end())
    return It->val();
  StringRef Kept = S.copy(*R.Arena);
  Strings.insert(CachedHashStringRef(Kept, Key.hash()));
  return Kept;
}

StringRef Merger::adopt(StringRef S) {
  if (S.empty())
    return {};
  auto [It, New] = Adopted.try_emplace(S.data());
  if (New)
    It->second = intern(S);
  return It->second;
}

/// \p Function must be interned.
StringRef Merger::canonical(StringRef Function) {
  if (Function.empty())
    return {};
  auto [It, New] = Canonical.try_emplace(Function.data());
  if (New)
    It->second = intern(canonicalFunction(Function));
  return It->second;
}

/// Strings are interned, so equal text is one address.
bool Merger::SameIndex::operator()(uint32_t A, uint32_t B) const {
  const Entry &X = M.R.Entries[A], &Y = M.R.Entries[B];
  return X.Pos.File == Y.Pos.File && X.Pos.Line == Y.Pos.Line && X.Pos.Column == Y.Pos.Column &&
         X.RuleId.data() == Y.RuleId.data() && X.Message.data() == Y.Message.data() &&
         M.Sides[A].Function.data() == M.Sides[B].Function.data();
}

uint32_t Merger::fileOf(const UnitFacts &U, uint32_t Local, std::vector<uint32_t> &Map) {
  if (Local == ~0u)
    return ~0u;
  if (Map[Local] != ~0u)
    return Map[Local];
  StringRef Name = U.Files[Local].Name;
  std::string Path = Paths.resolve(U.Header, U.HasHeader, Name);
  if (Path.empty() && !Name.starts_with("<"))
    ++UnresolvedIn[U.Header.Input];
  if (StringRef Base = Path; !U.HasHeader && Base.consume_back(Name) && Base.consume_back("/") && !Base.empty())
    FoundBase = FoundBase.empty() ? Base.str() : commonDirectory(FoundBase, Base);
  // A file that is not found is known by its name; the space keeps it apart from every path.
  auto [It, New] = FileByPath.try_emplace(Path.empty() ? (" " + Name).str() : Path, R.Files.size());
  if (New) {
    SourceFile F;
    F.Name = intern(Name.starts_with("./") ? Name.drop_front(2) : Name);
    F.Path = intern(Path);
    R.Files.push_back(F);
  }
  SourceFile &F = R.Files[It->second];
  if (StringRef Digest = U.Files[Local].Digest; !Digest.empty()) {
    if (F.Digest.empty())
      F.Digest = intern(Digest);
    else if (F.Digest != Digest)
      F.DigestConflict = true, F.Digest = std::min(F.Digest, intern(Digest));
  }
  return Map[Local] = It->second;
}

/// Which of two entries that fold is shown. Compares content only.
static bool isLess(const Entry &A, const Entry &B) {
  if (A.Severity != B.Severity)
    return A.Severity > B.Severity;
  for (StringRef Entry::*Field : {&Entry::Function, &Entry::Subject, &Entry::Id})
    if (int C = (A.*Field).compare(B.*Field))
      return C < 0;
  auto Compare = [](const auto &X, const auto &Y, auto Text) {
    if (X.size() != Y.size())
      return X.size() < Y.size() ? -1 : 1;
    for (size_t I = 0; I != X.size(); ++I) {
      auto KeyX = std::tuple(X[I].Pos.Line, X[I].Pos.Column, X[I].*Text);
      auto KeyY = std::tuple(Y[I].Pos.Line, Y[I].Pos.Column, Y[I].*Text);
      if (KeyX != KeyY)
        return KeyX < KeyY ? -1 : 1;
    }
    return 0;
  };
  if (int C = Compare(A.Steps, B.Steps, &EntryStep::Message))
    return C < 0;
  return Compare(A.InlineStack, B.InlineStack, &EntryFrame::Function) < 0;
}

void Merger::countUnit(uint32_t Index, bool HasHeader) {
  Side &S = Sides[Index];
  uint32_t Current = R.Units.size();
  if (S.LastUnit == Current)
    return;
  S.LastUnit = Current;
  ++(HasHeader ? S.Headed : S.Plain);
}

void Merger::addEntry(const UnitFacts &U, const Entry &From, std::vector<uint32_t> &FileMap) {
  const uint32_t Index = R.Entries.size();
  Entry &E = R.Entries.emplace_back(From);
  Side &S = Sides.emplace_back();
  E.Pos.File = fileOf(U, From.Pos.File, FileMap);
  E.RuleId = E.Info ? E.Info->Id : adopt(From.RuleId);
  E.Function = adopt(From.Function);
  E.Message = intern(From.Message);
  E.Subject = adopt(From.Subject);
  S.Function = canonical(E.Function);
  S.Hash = hash_combine(E.Pos.File, E.Pos.Line, E.Pos.Column, E.RuleId.data(), E.Message.data(), S.Function.data());
  auto [It, New] = Folded.insert(Index);
  uint32_t Into = *It;
  if (!New) {
    // An instance is a function; one function seen in several units is one instance.
    Entry &Old = R.Entries[Into];
    if (Old.Function.data() == E.Function.data())
      Old.Instances = std::max(Old.Instances, E.Instances);
    else if (ExtraFunctions.insert({Into, E.Function.data()}).second)
      Old.Instances += E.Instances;
    Old.Hotness = std::max(Old.Hotness, E.Hotness);
  }
  bool Replace = New || isLess(E, R.Entries[Into]);
  if (Replace) {
    E.Id = From.Id.copy(*R.Arena); // unique, as a rule
    auto *Steps = R.Arena->Allocate<EntryStep>(From.Steps.size());
    for (size_t I = 0; I != From.Steps.size(); ++I) {
      Position P = From.Steps[I].Pos;
      P.File = fileOf(U, P.File, FileMap);
      new (Steps + I) EntryStep{P, intern(From.Steps[I].Message)};
    }
    auto *Frames = R.Arena->Allocate<EntryFrame>(From.InlineStack.size());
    for (size_t I = 0; I != From.InlineStack.size(); ++I) {
      Position P = From.InlineStack[I].Pos;
      P.File = fileOf(U, P.File, FileMap);
      new (Frames + I) EntryFrame{P, adopt(From.InlineStack[I].Function)};
    }
    E.Steps = ArrayRef(Steps, From.Steps.size());
    E.InlineStack = ArrayRef(Frames, From.InlineStack.size());
  }
  if (!New) {
    if (Replace) {
      Entry &Old = R.Entries[Into];
      if (Old.Function.data() != E.Function.data())
        ExtraFunctions.insert({Into, Old.Function.data()});
      E.Instances = Old.Instances;
      E.Hotness = Old.Hotness;
      Old = E;
    }
    R.Entries.pop_back();
    Sides.pop_back();
  }
  countUnit(Into, U.HasHeader);
}

void Merger::addUnit(UnitFacts &U) {
  if (U.Continues && !R.Units.empty()) {
    U.Header = LastHeader;
    U.HasHeader = LastHasHeader;
  } else {
    // An object and the archive it went into hold one record; it is one unit.
    if (U.HasHeader && U.Identity != std::pair<uint64_t, uint64_t>() && !Records.insert(U.Identity).second)
      return;
    LastHeader.Source = intern(U.Header.Source);
    LastHeader.Base = intern(U.Header.Base);
    LastHeader.Compiler = intern(U.Header.Compiler);
    LastHeader.Target = intern(U.Header.Target);
    LastHeader.Flags = intern(U.Header.Flags);
    LastHeader.Input = intern(U.Header.Input);
    LastHasHeader = U.HasHeader;
    // Entries are counted per unit by its number.
    R.Units.push_back(LastHeader);
    if (U.HasHeader)
      if (std::string Source = Paths.resolve(U.Header, true, U.Header.Source); !Source.empty())
        UnitSources.push_back(Source);
  }
  Adopted.clear();
  std::vector<uint32_t> FileMap(U.Files.size(), ~0u);
  for (uint32_t I = 0; I != U.Files.size(); ++I)
    fileOf(U, I, FileMap);
  for (const Entry &E : U.Entries)
    addEntry(U, E, FileMap);
  for (const Summary &From : U.Summaries) {
    Summary S{uint32_t(R.Units.size() - 1), intern(From.Kind), intern(From.Function), {}};
    auto *Args = R.Arena->Allocate<SummaryArg>(From.Args.size());
    for (size_t I = 0; I != From.Args.size(); ++I) {
      Position P = From.Args[I].Pos;
      P.File = fileOf(U, P.File, FileMap);
      new (Args + I) SummaryArg{adopt(From.Args[I].Key), adopt(From.Args[I].Value), P};
    }
    S.Args = ArrayRef(Args, From.Args.size());
    R.Summaries.push_back(S);
  }
}

void Merger::endInput() {
  if (Damaged)
    R.Problems.push_back({CurrentInput,
                          formatv("{0} damaged document{1} skipped, the first {2}{3}", Damaged, Damaged == 1 ? "" : "s",
                                  StringRef(FirstDamage).starts_with("line") ? "at " : "", FirstDamage),
                          true});
  if (Truncated)
    R.Problems.push_back({CurrentInput, "the last document has no end (`...`): cut short?", true});
  Damaged = 0;
  Truncated = false;
}

void Merger::add(InputFacts Facts) {
  if (Facts.Input != CurrentInput) {
    endInput();
    CurrentInput = Facts.Input;
  }
  if (Damaged == 0)
    FirstDamage = Facts.FirstDamage;
  Damaged += Facts.Damaged;
  Truncated = Facts.Truncated;
  llvm::move(Facts.Problems, std::back_inserter(R.Problems));
  for (UnitFacts &U : Facts.Units) {
    addUnit(U);
    U.Arena.reset();
  }
}

} // namespace emm
