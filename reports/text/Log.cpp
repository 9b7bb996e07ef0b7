//===- reports/text/Log.cpp - formats by name, selection ------------------===//

#include "reports/text/Log.h"

#include "llvm/Support/GlobPattern.h"

using namespace llvm;

namespace emm {

static constexpr StringRef FormatNames[] = {"go",     "clang", "json",   "sarif",      "github",
                                            "gitlab", "junit", "rdjson", "openmetrics"};

ArrayRef<StringRef> logFormatNames() { return FormatNames; }

std::optional<LogFormat> parseLogFormat(StringRef Name) {
  for (unsigned I = 0; I != std::size(FormatNames); ++I)
    if (FormatNames[I] == Name)
      return static_cast<LogFormat>(I);
  return std::nullopt;
}

StringRef fileName(const Report &R, const Position &P) { return P.hasFile() ? R.Files[P.File].Name : "<unknown>"; }

StringRef stateName(EntryState S) {
  static constexpr StringRef Names[] = {"", "new", "unchanged", "updated", "fixed", "suppressed"};
  return Names[static_cast<unsigned>(S)];
}

static Location toLocation(const Report &R, const Position &P) {
  return {P.hasFile() ? R.Files[P.File].Name.str() : std::string(), P.Line, P.Column};
}

Finding toFinding(const Report &R, const Entry &E) {
  Finding F;
  F.R = E.Info->R;
  F.Severity = E.Severity;
  F.Loc = toLocation(R, E.Pos);
  F.Function = E.Function.str();
  F.Subject = E.Subject.str();
  F.Message = E.Message.str();
  F.Id = E.Id.str();
  F.Instances = E.Instances;
  F.Hotness = E.Hotness;
  if (E.MissingPercent != Entry::NotAlmost)
    F.Almost = NearMiss{E.MissingPercent, E.Loops};
  for (const EntryStep &S : E.Steps)
    F.Steps.push_back({toLocation(R, S.Pos), S.Message.str()});
  for (const EntryFrame &I : E.InlineStack)
    F.InlineStack.push_back({toLocation(R, I.Pos), I.Function.str()});
  return F;
}

/// `map`, `map/nil-write` or a pass name matches a rule.
static bool inFamily(StringRef RuleId, StringRef Family) {
  return RuleId == Family || (RuleId.starts_with(Family) && RuleId.substr(Family.size()).starts_with("/"));
}

/// A call that was nearly inlined and is known, or expected, to run often.
static bool isWorthInlining(const Entry &E) {
  return E.MissingPercent != Entry::NotAlmost && (E.Hotness || E.Loops);
}

/// The order of what inlining the call would gain, the most first.
static bool gainsMore(const Entry &A, const Entry &B) {
  if (A.Hotness != B.Hotness)
    return A.Hotness > B.Hotness;
  if (A.Loops != B.Loops)
    return A.Loops > B.Loops;
  return A.MissingPercent < B.MissingPercent;
}

Expected<std::vector<uint32_t>> Selection::select(const Report &R) const {
  std::vector<GlobPattern> Globs;
  for (const std::string &P : Paths) {
    Expected<GlobPattern> G = GlobPattern::create(P, /*MaxSubPatterns=*/1024);
    if (!G) {
      consumeError(G.takeError());
      return createStringError(inconvertibleErrorCode(), "--path: bad pattern `%s`", P.c_str());
    }
    Globs.push_back(std::move(*G));
  }
  // One answer per file, not per entry.
  std::vector<bool> FileWanted(R.Files.size(), Globs.empty());
  for (size_t I = 0; I != R.Files.size(); ++I)
    for (const GlobPattern &G : Globs)
      FileWanted[I] = FileWanted[I] || G.match(R.Files[I].Name);
  std::vector<uint32_t> Out;
  for (uint32_t I = 0; I != R.Entries.size(); ++I) {
    const Entry &E = R.Entries[I];
    if (E.Severity < Least || E.Severity == Level::Off || (!Suppressed && E.State == EntryState::Suppressed))
      continue;
    if (!(E.Pos.hasFile() ? FileWanted[E.Pos.File] : Globs.empty()))
      continue;
    if (Almost && !isWorthInlining(E))
      continue;
    if (!Families.empty() && none_of(Families, [&](StringRef F) { return inFamily(E.RuleId, F); }))
      continue;
    Out.push_back(I);
  }
  if (Almost)
    llvm::stable_sort(Out, [&](uint32_t A, uint32_t B) { return gainsMore(R.Entries[A], R.Entries[B]); });
  return Out;
}

void writeLog(raw_ostream &OS, const Report &R, ArrayRef<uint32_t> Entries, const LogOptions &O) {
  switch (O.Format) {
  case LogFormat::Go:
    return writeGoLog(OS, R, Entries, O.Verbosity);
  case LogFormat::Clang:
    return writeClangLog(OS, R, Entries, O.Color);
  case LogFormat::Json:
    return writeJsonLines(OS, R, Entries);
  case LogFormat::Sarif:
    return writeSarif(OS, R, Entries);
  case LogFormat::GitHub:
    return writeGitHub(OS, R, Entries, O.Limit);
  case LogFormat::GitLab:
    return writeGitLab(OS, R, Entries);
  case LogFormat::JUnit:
    return writeJUnit(OS, R, Entries);
  case LogFormat::RdJson:
    return writeRdJson(OS, R, Entries);
  case LogFormat::OpenMetrics:
    return writeOpenMetrics(OS, R, Entries);
  }
}

} // namespace emm
