//===- reports/html/Catalogue.cpp - counting and naming once --------------===//

#include "reports/html/Catalogue.h"

#include "reports/finding/Fingerprint.h"
#include "reports/html/PageNames.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/ThreadPool.h"

#include <map>

using namespace llvm;

namespace emm {

static constexpr StringRef FamilyNames[FamilyCount] = {"escape", "closure", "map",      "atomic",
                                                       "lock",   "inline",  "analysis", "other"};

StringRef familyName(Family F) { return FamilyNames[static_cast<unsigned>(F)]; }

Family familyOf(const Entry &E) {
  // Asked several times of every entry: the name must be followed by the slash, so one comparison of bytes
  // decides.
  for (unsigned I = 0; I != FamilyCount; ++I) {
    StringRef Name = FamilyNames[I];
    if (E.RuleId.size() > Name.size() && E.RuleId[Name.size()] == '/' && E.RuleId.starts_with(Name))
      return static_cast<Family>(I);
  }
  return Family::Other;
}

bool isDecision(const Entry &E) {
  Family F = familyOf(E);
  return E.Severity < Level::Warning && (F == Family::Inline || F == Family::Other);
}

bool isOpen(const Entry &E) { return E.State != EntryState::Fixed && E.State != EntryState::Suppressed; }

void Tally::add(const Entry &E) {
  switch (E.State) {
  case EntryState::New:
    ++New;
    break;
  case EntryState::Updated:
    ++Updated;
    break;
  case EntryState::Fixed:
    ++Fixed;
    return;
  case EntryState::Suppressed:
    ++Suppressed;
    return;
  case EntryState::None:
  case EntryState::Unchanged:
    break;
  }
  ++Families[static_cast<unsigned>(familyOf(E))];
  ++(E.Severity == Level::Error ? Errors : E.Severity == Level::Warning ? Warnings : Notes);
}

Catalogue::Catalogue(const Report &R, const HtmlOptions &O, const FileProvider &Sources)
    : R(R), O(O), Title(O.Title) {
  if (Title.empty())
    Title = R.Root.empty() ? "emm report" : sys::path::filename(R.Root).str();
  std::vector<StringRef> Names;
  for (const SourceFile &F : R.Files)
    Names.push_back(F.Name);
  Pages = pageNames(Names);
  countEntries();
  choosePages(Sources);
  nameFunctions();
}

void Catalogue::countEntries() {
  Files.resize(R.Files.size());
  ByFile.resize(R.Files.size());
  std::map<StringRef, RuleCount> Counts;
  for (uint32_t I = 0; I != R.Entries.size(); ++I) {
    const Entry &E = R.Entries[I];
    Total.add(E);
    if (E.Pos.hasFile()) {
      Files[E.Pos.File].add(E);
      ByFile[E.Pos.File].push_back(I);
    }
    RuleCount &C = Counts[E.RuleId];
    C.Id = E.RuleId;
    C.Info = E.Info;
    if (!isOpen(E))
      continue;
    ++C.Count;
    C.Highest = std::max(C.Highest, E.Severity);
  }
  for (const RuleInfo &I : allRules())
    if (auto At = Counts.find(I.Id); At != Counts.end()) {
      Rules.push_back(At->second);
      Counts.erase(At);
    }
  for (const auto &[Id, C] : Counts)
    Rules.push_back(C);
}

void Catalogue::choosePages(const FileProvider &Sources) {
  std::vector<bool> LedInto(R.Files.size());
  for (const Entry &E : R.Entries) {
    for (const EntryStep &S : E.Steps)
      if (S.Pos.hasFile())
        LedInto[S.Pos.File] = true;
    for (const EntryFrame &F : E.InlineStack)
      if (F.Pos.hasFile())
        LedInto[F.Pos.File] = true;
  }
  Paged.resize(R.Files.size());
  for (uint32_t F = 0; F != R.Files.size(); ++F) {
    Paged[F] = !ByFile[F].empty();
    if (!Paged[F] && LedInto[F] && O.WithSources && !R.Files[F].Path.empty()) {
      Expected<std::unique_ptr<MemoryBuffer>> Text = Sources.read(R.Files[F].Path);
      Paged[F] = static_cast<bool>(Text);
      consumeError(Text.takeError());
    }
    if (Paged[F])
      Shown.push_back(F);
  }
}

void Catalogue::nameFunctions() {
  std::vector<StringRef> Mangled = {""};
  FunctionIndex[""] = 0;
  auto Add = [&](StringRef F) {
    if (FunctionIndex.try_emplace(F, Mangled.size()).second)
      Mangled.push_back(F);
  };
  for (const Entry &E : R.Entries) {
    Add(E.Function);
    for (const EntryFrame &F : E.InlineStack)
      Add(F.Function);
  }
  // Demangling dominates for large reports; each name is independent of the others.
  FunctionNames.resize(Mangled.size());
  FunctionTitles.resize(Mangled.size());
  DefaultThreadPool Pool(hardware_concurrency(O.Threads));
  constexpr size_t Batch = 2048;
  for (size_t Begin = 1; Begin < Mangled.size(); Begin += Batch)
    Pool.async([&, Begin] {
      for (size_t I = Begin; I != std::min(Begin + Batch, Mangled.size()); ++I) {
        FunctionNames[I] = canonicalFunction(Mangled[I]);
        FunctionTitles[I] = demangledFunction(Mangled[I]);
      }
    });
  Pool.wait();
}

} // namespace emm
