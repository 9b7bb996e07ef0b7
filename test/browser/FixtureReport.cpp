//===- test/browser/FixtureReport.cpp - building a report by hand ---------===//

#include "test/browser/FixtureReport.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MD5.h"
#include "llvm/Support/xxhash.h"

#include <tuple>

using namespace llvm;

namespace emm::fixture {

uint32_t Fixture::source(StringRef Name, std::string Text, StringRef Digest) {
  std::string Path = ("/fixture/" + Name).str();
  std::string Value;
  if (Digest == "same") {
    MD5 Hash;
    Hash.update(Text);
    MD5::MD5Result Result;
    Hash.final(Result);
    Value = "md5:" + Result.digest().str().str();
  } else if (Digest == "changed") {
    Value = "md5:00000000000000000000000000000000";
  }
  SourceFile F;
  F.Name = keep(Name);
  F.Path = keep(Path);
  F.Digest = keep(Value);
  R.Files.push_back(F);
  Texts[Path] = std::move(Text);
  return R.Files.size() - 1;
}

uint32_t Fixture::missing(StringRef Name) {
  SourceFile F;
  F.Name = keep(Name);
  F.Path = keep(("/fixture/" + Name).str());
  R.Files.push_back(F);
  return R.Files.size() - 1;
}

void Fixture::add(const Draft &D) {
  auto Place = [](const Where &W) {
    Position P;
    P.File = W.File;
    P.Line = W.Line;
    P.Column = W.Column;
    return P;
  };
  Entry E;
  E.RuleId = keep(D.Rule);
  if (std::optional<Rule> Known = findRule(D.Rule))
    E.Info = &ruleInfo(*Known);
  E.Severity = E.Info ? E.Info->DefaultLevel : Level::Note;
  E.Kind = D.Rule.find("missed") != std::string::npos ? RemarkKind::Missed : RemarkKind::Passed;
  E.State = D.State;
  E.Pos = Place(D.At);
  E.Function = keep(D.Function);
  E.Message = keep(D.Message);
  E.Reason = keep(D.Reason);
  E.Units = D.Units;
  E.Instances = D.Instances;
  std::string Key = D.Rule + '\0' + D.Message + '\0' + D.Function + '\0' + utostr(D.At.File) + ':' +
                    utostr(D.At.Line) + ':' + utostr(D.At.Column);
  E.Id = keep(utohexstr(xxh3_64bits(arrayRefFromStringRef(Key)), true, 16));
  auto *Steps = R.Arena->Allocate<EntryStep>(D.Steps.size());
  for (size_t I = 0; I != D.Steps.size(); ++I)
    new (&Steps[I]) EntryStep{Place(D.Steps[I].first), keep(D.Steps[I].second)};
  E.Steps = ArrayRef<EntryStep>(Steps, D.Steps.size());
  auto *Stack = R.Arena->Allocate<EntryFrame>(D.Stack.size());
  for (size_t I = 0; I != D.Stack.size(); ++I)
    new (&Stack[I]) EntryFrame{Place(D.Stack[I].first), keep(D.Stack[I].second)};
  E.InlineStack = ArrayRef<EntryFrame>(Stack, D.Stack.size());
  R.Entries.push_back(E);
}

Where Fixture::at(uint32_t File, StringRef Word, unsigned Nth) const {
  StringRef Text = Texts.find(R.Files[File].Path)->second;
  size_t Found = StringRef::npos;
  for (size_t From = 0; Nth--; From = Found + 1)
    if ((Found = Text.find(Word, From)) == StringRef::npos)
      report_fatal_error(Twine("fixture: no such word: ") + Word);
  StringRef Before = Text.take_front(Found);
  size_t LineStart = Before.rfind('\n') + 1;
  return {File, static_cast<uint32_t>(Before.count('\n') + 1), static_cast<uint32_t>(Found - LineStart + 1)};
}

void Fixture::finish() {
  // Files are added in the order of their names, so an index orders as a name does.
  auto Key = [](const Entry &E) {
    return std::tuple(E.Pos.hasFile(), E.Pos.File, E.Pos.Line, E.Pos.Column, E.RuleId, E.Message, E.Function);
  };
  stable_sort(R.Entries, [&](const Entry &A, const Entry &B) { return Key(A) < Key(B); });
}

Expected<std::unique_ptr<MemoryBuffer>> Fixture::read(StringRef Path) const {
  auto At = Texts.find(Path);
  if (At == Texts.end())
    return createStringError(std::errc::no_such_file_or_directory, "not found");
  return MemoryBuffer::getMemBuffer(At->second, "", false);
}

} // namespace emm::fixture
