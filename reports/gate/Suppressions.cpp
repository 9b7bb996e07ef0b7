//===- reports/gate/Suppressions.cpp - finding and applying ---------------===//

#include "reports/gate/Suppressions.h"

#include "reports/text/Annotate.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/GlobPattern.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace llvm;

namespace emm {

static constexpr StringLiteral Marker = "emm:ignore";

/// Where a comment begins on \p Line before \p At; npos if the words are not in a comment.
static size_t commentBefore(StringRef Line, size_t At) {
  StringRef Before = Line.take_front(At);
  size_t Slashes = Before.find("//"), Star = Before.find("/*");
  // The middle of a block comment that is decorated with stars.
  if (Slashes == StringRef::npos && Star == StringRef::npos && Before.trim(" \t*").empty() && Before.contains('*'))
    return Before.find('*');
  return std::min(Slashes, Star);
}

static bool isCommentLine(StringRef Line) {
  Line = Line.ltrim(" \t");
  return Line.starts_with("//") || Line.starts_with("/*") || Line.starts_with("*");
}

std::vector<Suppression> findSuppressions(StringRef Text) {
  std::vector<Suppression> Out;
  if (!Text.contains(Marker))
    return Out;
  size_t Waiting = 0; // suppressions from here on wait for a line of code
  for (uint32_t Number = 1; !Text.empty(); ++Number) {
    StringRef Line;
    std::tie(Line, Text) = Text.split('\n');
    bool Alone = isCommentLine(Line);
    if (!Alone && !Line.trim(" \t\r").empty()) {
      for (; Waiting != Out.size(); ++Waiting)
        Out[Waiting].Target = Number;
    }
    size_t At = Line.find(Marker);
    if (At == StringRef::npos || commentBefore(Line, At) == StringRef::npos)
      continue;
    StringRef Rest = Line.substr(At + Marker.size());
    if (!Rest.empty() && !isSpace(Rest.front()) && Rest.front() != ':')
      continue; // a longer word
    Rest = Rest.ltrim(": \t").rtrim(" \t\r");
    Rest.consume_back("*/");
    auto [Rule, Reason] = Rest.split(' ');
    Out.push_back({Number, Alone ? 0 : Number, Rule.str(), Reason.trim(" \t-:").str()});
    if (!Alone)
      Waiting = Out.size();
  }
  return Out;
}

namespace {

class FileSuppressions {
public:
  FileSuppressions(Report &R, uint32_t File) : R(R), File(File) {}
  void apply(ArrayRef<uint32_t> Entries);

private:
  void problem(uint32_t Line, std::string Why) {
    R.Problems.push_back({formatv("{0}:{1}", R.Files[File].Name, Line), std::move(Why), false});
  }
  Report &R;
  const uint32_t File;
};

void FileSuppressions::apply(ArrayRef<uint32_t> Entries) {
  const SourceFile &F = R.Files[File];
  if (F.Path.empty() || !sys::fs::is_regular_file(F.Path))
    return;
  auto Buffer = MemoryBuffer::getFile(F.Path);
  if (!Buffer)
    return;
  std::vector<Suppression> List = findSuppressions((*Buffer)->getBuffer());
  if (List.empty())
    return;
  if (!isAsCompiled(F, (*Buffer)->getBuffer())) {
    problem(List.front().Line, "the file changed since it was compiled: its suppressions are not applied");
    return;
  }
  for (const Suppression &S : List) {
    Expected<GlobPattern> Glob = GlobPattern::create(S.Rule, /*MaxSubPatterns=*/64);
    bool Known = bool(Glob) && any_of(allRules(), [&](const RuleInfo &I) { return Glob->match(I.Id); });
    if (!Glob)
      consumeError(Glob.takeError());
    if (!Known) {
      problem(S.Line, formatv("emm:ignore of an unknown rule `{0}`, did you mean `{1}`?", S.Rule, nearestRule(S.Rule)));
      continue;
    }
    if (S.Reason.empty()) {
      problem(S.Line, formatv("emm:ignore {0} needs a reason: `// emm:ignore {0} why it is fine here`", S.Rule));
      continue;
    }
    bool Used = false;
    for (uint32_t I : Entries) {
      Entry &E = R.Entries[I];
      if (E.Pos.Line != S.Target || !E.Info || !Glob->match(E.RuleId))
        continue;
      Used = true;
      if (E.State != EntryState::Suppressed) {
        E.State = EntryState::Suppressed;
        E.Reason = StringRef(S.Reason).copy(*R.Arena);
      }
    }
    if (!Used)
      problem(S.Line, formatv("emm:ignore {0} suppresses nothing", S.Rule));
  }
}

} // namespace

void applySuppressions(Report &R) {
  // Entries are sorted by file.
  for (uint32_t I = 0; I != R.Entries.size();) {
    uint32_t File = R.Entries[I].Pos.File;
    std::vector<uint32_t> Here;
    for (; I != R.Entries.size() && R.Entries[I].Pos.File == File; ++I)
      if (R.Entries[I].Info)
        Here.push_back(I);
    if (File != ~0u && !Here.empty())
      FileSuppressions(R, File).apply(Here);
  }
}

} // namespace emm
