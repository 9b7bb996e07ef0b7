//===- reports/text/Annotate.cpp - source lines with findings below -------===//

#include "reports/text/Annotate.h"

#include "reports/finding/Fingerprint.h"
#include "reports/finding/LogText.h"
#include "reports/record/PathResolver.h"
#include "reports/text/Log.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/MD5.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SHA256.h"

using namespace llvm;

namespace emm {

bool isAsCompiled(const SourceFile &F, StringRef Text) {
  ArrayRef<uint8_t> Bytes = arrayRefFromStringRef(Text);
  if (F.DigestConflict)
    return false;
  if (F.Digest.starts_with("md5:"))
    return F.Digest.drop_front(4).equals_insensitive(MD5::hash(Bytes).digest());
  if (F.Digest.starts_with("sha256:"))
    return F.Digest.drop_front(7).equals_insensitive(toHex(SHA256::hash(Bytes)));
  return true;
}

Expected<uint32_t> findSourceFile(const Report &R, StringRef Name) {
  std::string Path = absolutePath(Name);
  SmallVector<uint32_t, 4> Tails;
  for (uint32_t I = 0; I != R.Files.size(); ++I) {
    const SourceFile &F = R.Files[I];
    if (F.Name == Name || F.Path == Path)
      return I;
    StringRef Whole = F.Path.empty() ? F.Name : F.Path;
    if (Whole.ends_with(Name) && Whole.drop_back(Name.size()).ends_with("/"))
      Tails.push_back(I);
  }
  if (Tails.size() == 1)
    return Tails.front();
  std::string Why;
  if (!Tails.empty()) {
    Why = "several files end so: " + R.Files[Tails[0]].Name.str() + ", " + R.Files[Tails[1]].Name.str();
  } else {
    Why = "nothing in the input points into this file";
    const SourceFile *Best = nullptr;
    for (const SourceFile &F : R.Files)
      if (!Best || Name.edit_distance(F.Name) < Name.edit_distance(Best->Name))
        Best = &F;
    if (Best)
      Why += ", did you mean " + Best->Name.str() + "?";
  }
  return createStringError(inconvertibleErrorCode(), "%s: %s", Name.str().c_str(), Why.c_str());
}

namespace {

class Annotator {
public:
  Annotator(raw_ostream &OS, const Report &R, const AnnotateOptions &O, unsigned Gutter)
      : OS(OS), R(R), O(O), Gutter(Gutter) {}

  void source(uint32_t Number, StringRef Text) {
    color("\033[2m");
    OS << format_decimal(Number, Gutter) << " | ";
    color("\033[0m");
    writeSafe(OS, Text);
    OS << '\n';
  }
  void gap() {
    OS.indent(Gutter) << "...\n";
  }
  void finding(const Entry &E);

private:
  void color(const char *Code) {
    if (O.Color)
      OS << Code;
  }
  void margin() {
    color("\033[2m");
    OS.indent(Gutter) << " | ";
    color("\033[0m");
  }
  void place(const Position &P) {
    writeSafe(OS, fileName(R, P));
    if (P.Line)
      OS << ':' << P.Line << ':' << P.Column;
  }

  raw_ostream &OS;
  const Report &R;
  const AnnotateOptions &O;
  const unsigned Gutter;
};

void Annotator::finding(const Entry &E) {
  margin();
  OS.indent(E.Pos.Column ? E.Pos.Column - 1 : 0);
  color(E.Severity == Level::Error ? "\033[1;31m" : E.Severity == Level::Warning ? "\033[1;35m" : "\033[36m");
  OS << "^ ";
  if (E.Severity != Level::Note)
    OS << levelName(E.Severity) << ": ";
  writeSafe(OS, E.Message);
  color("\033[0m");
  OS << " [";
  writeSafe(OS, E.RuleId);
  OS << ']';
  if (E.Units > 1)
    OS << " in " << E.Units << " units";
  if (E.Instances > 1)
    OS << (E.Units > 1 ? ", " : " in ") << E.Instances << " instances";
  if (E.State == EntryState::Suppressed) {
    OS << " suppressed: ";
    writeSafe(OS, E.Reason);
  } else if (E.State != EntryState::None) {
    OS << ' ' << stateName(E.State);
  }
  OS << '\n';
  if (O.Verbosity < 2)
    return;
  unsigned Number = 0;
  for (const EntryStep &S : E.Steps) {
    margin();
    OS << "    " << ++Number << ". ";
    place(S.Pos);
    OS << ": ";
    writeSafe(OS, S.Message);
    OS << '\n';
  }
  for (const EntryFrame &F : E.InlineStack) {
    margin();
    OS << "    inlined into ";
    writeSafe(OS, canonicalFunction(F.Function));
    OS << " at ";
    place(F.Pos);
    OS << '\n';
  }
}

} // namespace

Error writeAnnotated(raw_ostream &OS, const Report &R, uint32_t File, ArrayRef<uint32_t> Entries,
                     const AnnotateOptions &O) {
  const SourceFile &F = R.Files[File];
  auto Fail = [&](StringRef Why) {
    return createStringError(inconvertibleErrorCode(), "%s: %s", F.Name.str().c_str(), Why.str().c_str());
  };
  if (F.Path.empty())
    return Fail("the source was not found: name its root with --source-root");
  if (!sys::fs::is_regular_file(F.Path))
    return Fail("no such file: " + F.Path.str());
  auto Buffer = MemoryBuffer::getFile(F.Path);
  if (!Buffer)
    return Fail(Buffer.getError().message());
  StringRef Text = (*Buffer)->getBuffer();
  if (!isAsCompiled(F, Text))
    OS << "*** " << F.Name << " changed since it was compiled: findings may stand at the wrong lines ***\n";
  SmallVector<StringRef, 0> Lines;
  Text.split(Lines, '\n');
  if (!Lines.empty() && Lines.back().empty())
    Lines.pop_back();
  std::vector<std::vector<uint32_t>> ByLine(Lines.size() + 1); // [0]: without a line, or beyond the end
  for (uint32_t I : Entries)
    if (R.Entries[I].Pos.File == File)
      ByLine[R.Entries[I].Pos.Line < ByLine.size() ? R.Entries[I].Pos.Line : 0].push_back(I);
  Annotator A(OS, R, O, std::max<size_t>(3, utostr(Lines.size()).size()));
  for (uint32_t I : ByLine[0])
    A.finding(R.Entries[I]);
  size_t Last = 0;
  for (size_t N = 1; N <= Lines.size(); ++N) {
    size_t Begin = N > O.Context ? N - O.Context : 1, End = std::min<size_t>(Lines.size(), N + size_t(O.Context));
    bool Near = O.Context == ~0u;
    for (size_t K = Begin; K <= End && !Near; ++K)
      Near = !ByLine[K].empty();
    if (!Near)
      continue;
    if (Last + 1 != N)
      A.gap();
    Last = N;
    A.source(N, Lines[N - 1].rtrim('\r'));
    for (uint32_t I : ByLine[N])
      A.finding(R.Entries[I]);
  }
  return Error::success();
}

} // namespace emm
