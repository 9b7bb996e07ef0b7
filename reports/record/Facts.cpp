//===- reports/record/Facts.cpp - remarks to entries of one unit ----------===//

#include "reports/record/Facts.h"

#include "reports/finding/Fingerprint.h"
#include "reports/finding/RecordKeys.h"
#include "reports/record/RemarkScanner.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Demangle/Demangle.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/xxhash.h"

using namespace llvm;

namespace emm {

static std::pair<uint64_t, uint64_t> hash(StringRef S) {
  XXH128_hash_t H = xxh3_128bits(arrayRefFromStringRef(S));
  return {H.high64, H.low64};
}

void FactsBuilder::startUnit() {
  UnitFacts &U = Out.Units.emplace_back();
  U.Header.Input = StringRef(Out.Input).copy(*U.Arena);
  U.Continues = ContinuesPart;
  ContinuesPart = false;
  Strings.clear();
  FileIndex.clear();
  ShortNames.clear();
  Documents.clear();
  Ids = {};
  Open = true;
}

UnitFacts &FactsBuilder::unit() {
  if (!Open)
    startUnit();
  return Out.Units.back();
}

bool FactsBuilder::isRepeated(StringRef Document) { return !Documents.insert(hash(Document)).second; }

/// Interns \p S. Every string of a report is valid UTF-8 from here on.
StringRef FactsBuilder::keep(StringRef S) {
  if (S.empty())
    return {};
  CachedHashStringRef Key(S);
  if (auto It = Strings.find(Key); It != Strings.end())
    return It->val();
  if (!json::isUTF8(S))
    return keep(json::fixUTF8(S));
  StringRef Kept = S.copy(*unit().Arena);
  Strings.insert(CachedHashStringRef(Kept, Key.hash()));
  return Kept;
}

/// A function's name in a sentence: without parameters and template arguments.
StringRef FactsBuilder::shortName(StringRef Name) {
  if (!Name.starts_with("_Z") && !Name.starts_with("_R") && !Name.starts_with("_Q") && !Name.starts_with("?"))
    return Name;
  auto [It, New] = ShortNames.try_emplace(Name);
  if (New)
    It->second = keep(Name.starts_with("?") ? demangle(Name) : canonicalFunction(Name));
  return It->second;
}

Position FactsBuilder::position(const RemarkLocation &L) {
  Position P;
  P.Line = L.Line;
  P.Column = L.Column;
  if (L.File.empty())
    return P;
  StringRef Name = keep(L.File);
  UnitFacts &U = unit();
  auto [It, New] = FileIndex.try_emplace(Name.data(), U.Files.size());
  if (New)
    U.Files.push_back({Name, {}});
  P.File = It->second;
  return P;
}

static RemarkKind kindOf(StringRef Tag) {
  return StringSwitch<RemarkKind>(Tag)
      .Case("Passed", RemarkKind::Passed)
      .Case("Missed", RemarkKind::Missed)
      .Case("Analysis", RemarkKind::Analysis)
      .Case("AnalysisFPCommute", RemarkKind::Analysis)
      .Case("AnalysisAliasing", RemarkKind::Analysis)
      .Case("Failure", RemarkKind::Failure)
      .Default(RemarkKind::Unknown);
}

void FactsBuilder::addHeader(const Remark &R) {
  startUnit();
  UnitFacts &U = unit();
  U.HasHeader = true;
  U.Continues = false;
  for (size_t I = 0; I != R.Args.size(); ++I) {
    const RemarkArg &A = R.Args[I];
    if (A.Key == record::KeyVersion) {
      unsigned Version;
      if (A.Value.getAsInteger(10, Version) || Version == 0 || Version > record::Version)
        Out.Errors.push_back(formatv("record of version {0}; this emm reads up to version {1}", A.Value, record::Version));
    } else if (A.Key == record::KeySource) {
      U.Header.Source = keep(A.Value);
    } else if (A.Key == record::KeyBase) {
      U.Header.Base = keep(A.Value);
    } else if (A.Key == record::KeyCompiler) {
      U.Header.Compiler = keep(A.Value);
    } else if (A.Key == record::KeyTarget) {
      U.Header.Target = keep(A.Value);
    } else if (A.Key == record::KeyFlags) {
      U.Header.Flags = keep(A.Value);
    } else if (A.Key == record::KeyFile) {
      RemarkLocation L;
      L.File = A.Value;
      Position P = position(L);
      if (P.hasFile() && I + 1 != R.Args.size() && R.Args[I + 1].Key == record::KeyDigest)
        U.Files[P.File].Digest = keep(R.Args[++I].Value);
    }
  }
}

void FactsBuilder::addSummary(const Remark &R) {
  UnitFacts &U = unit();
  if (!KeepSummaries)
    return;
  Summary S;
  S.Kind = keep(R.Name.drop_front(strlen(record::SummaryPrefix)));
  S.Function = keep(R.Function);
  auto *Args = U.Arena->Allocate<SummaryArg>(R.Args.size());
  for (size_t I = 0; I != R.Args.size(); ++I)
    new (Args + I) SummaryArg{keep(R.Args[I].Key), keep(R.Args[I].Value), position(R.Args[I].Loc)};
  S.Args = ArrayRef(Args, R.Args.size());
  U.Summaries.push_back(S);
}

/// Copies \p Items to the arena.
template <typename T> static ArrayRef<T> keepAll(const SmallVectorImpl<T> &Items, BumpPtrAllocator &A) {
  return ArrayRef<T>(Items).copy(A);
}

void FactsBuilder::addFinding(const Remark &R) {
  UnitFacts &U = unit();
  Entry E;
  E.RuleId = keep(R.Name);
  if (std::optional<Rule> Known = findRule(R.Name)) {
    E.Info = &ruleInfo(*Known);
    E.Severity = E.Info->DefaultLevel;
  }
  E.Kind = kindOf(R.Tag);
  E.Pos = position(R.Loc);
  E.Function = keep(R.Function);
  E.Hotness = R.Hotness;
  Steps.clear();
  Frames.clear();
  for (const RemarkArg &A : R.Args) {
    if (A.Key == record::KeyMessage) {
      E.Message = keep(A.Value);
    } else if (A.Key == record::KeyId) {
      E.Id = keep(A.Value);
    } else if (A.Key == record::KeyLevel) {
      if (std::optional<Level> L = parseLevel(A.Value))
        E.Severity = *L;
    } else if (A.Key == record::KeySubject) {
      E.Subject = keep(A.Value);
    } else if (A.Key == record::KeyInstances) {
      if (A.Value.getAsInteger(10, E.Instances) || E.Instances == 0)
        E.Instances = 1;
    } else if (A.Key == record::KeyAlmost) {
      if (unsigned Percent; !A.Value.getAsInteger(10, Percent))
        E.MissingPercent = std::min<unsigned>(Percent, Entry::NotAlmost - 1);
    } else if (A.Key == record::KeyLoops) {
      if (unsigned Loops; !A.Value.getAsInteger(10, Loops))
        E.Loops = std::min<unsigned>(Loops, UINT8_MAX);
    } else if (A.Key == record::KeyStep) {
      Steps.push_back({position(A.Loc), keep(A.Value)});
    } else if (A.Key == record::KeyInlinedAt) {
      Frames.push_back({position(A.Loc), keep(A.Value)});
    }
  }
  if (E.Id.empty())
    E.Id = keep(Ids.next(R.Name, {R.Loc.File.str(), R.Loc.Line, R.Loc.Column}, R.Function, E.Subject));
  E.Steps = keepAll(Steps, *U.Arena);
  E.InlineStack = keepAll(Frames, *U.Arena);
  U.Entries.push_back(E);
}

/// A remark of another pass, of any kind: its sentence is what its arguments say one after the other.
void FactsBuilder::addForeign(const Remark &R) {
  UnitFacts &U = unit();
  Entry E;
  E.RuleId = keep((R.Pass + "/" + R.Name).str());
  E.Kind = kindOf(R.Tag);
  E.Pos = position(R.Loc);
  E.Function = keep(R.Function);
  E.Hotness = R.Hotness;
  SmallString<256> Message;
  Steps.clear();
  for (const RemarkArg &A : R.Args) {
    StringRef Value = shortName(A.Value);
    Message += Value;
    if (A.Key == "Callee" || A.Key == "DirectCallee")
      E.Subject = keep(Value);
    if (A.Loc.isKnown() && A.Loc.Line && A.Key != "Caller")
      Steps.push_back({position(A.Loc), keep((A.Key + ": " + Value).str())});
  }
  E.Message = keep(StringRef(Message).trim(" \n;"));
  E.Steps = keepAll(Steps, *U.Arena);
  U.Entries.push_back(E);
}

void FactsBuilder::add(const Remark &R) {
  ++Out.Remarks;
  if (R.Pass != record::PassName)
    addForeign(R);
  else if (R.Name == record::HeaderName && R.Function == record::HeaderFunction)
    addHeader(R);
  else if (R.Name.starts_with(record::SummaryPrefix))
    addSummary(R);
  else
    addFinding(R);
}

void FactsBuilder::finish(std::pair<uint64_t, uint64_t> Identity) {
  if (Identity == std::pair<uint64_t, uint64_t>())
    return;
  for (size_t I = 0; I != Out.Units.size(); ++I)
    Out.Units[I].Identity = {Identity.first + I, Identity.second};
}

void readRemarkYaml(StringRef Text, InputFacts &Out, bool KeepSummaries, uint64_t PartOffset, bool IsWhole) {
  RemarkScanner Scanner(Text);
  FactsBuilder Builder(Out, KeepSummaries);
  if (PartOffset)
    Builder.continues();
  auto NoteDamage = [&](StringRef Document, StringRef Why) {
    if (Out.Damaged++ != 0)
      return;
    // Lines before a later part are not counted: that would mean reading the file twice.
    uint64_t Offset = Document.data() - Text.data();
    Out.FirstDamage = PartOffset ? formatv("at byte {0}: {1}", PartOffset + Offset, Why).str()
                                 : formatv("line {0}: {1}", Text.take_front(Offset).count('\n') + 1, Why).str();
  };
  if (Scanner.leadingJunk() && !PartOffset)
    NoteDamage(Text, "text before the first document");
  // The record in an object has no ids, its copy beside the object has: what is one unit must not depend on them.
  std::pair<uint64_t, uint64_t> Identity;
  SmallString<1024> WithoutId;
  auto Fold = [&](StringRef Piece) {
    auto [High, Low] = hash(Piece);
    Identity = {Identity.first * 31 + High, Identity.second * 37 + Low};
  };
  Remark R;
  while (Scanner.advance()) {
    StringRef Document = Scanner.document();
    if (size_t Id = Document.find("\n  - Id: "); Id != StringRef::npos) {
      WithoutId = Document.take_front(Id);
      WithoutId += Document.drop_front(std::min(Document.find('\n', Id + 1), Document.size()));
      Document = WithoutId;
    }
    Fold(Document);
    if (Builder.isRepeated(Scanner.document()))
      continue;
    if (Scanner.decode(R) == RemarkScanner::Result::Remark)
      Builder.add(R);
    else
      NoteDamage(Scanner.document(), Scanner.damage());
  }
  Out.Truncated = Scanner.endsOpen();
  Builder.finish(IsWhole ? Identity : std::pair<uint64_t, uint64_t>());
}

} // namespace emm
