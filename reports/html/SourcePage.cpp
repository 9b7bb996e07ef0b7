//===- reports/html/SourcePage.cpp - text, rows, outline, banner ----------===//

#include "reports/html/SourcePage.h"

#include "reports/html/CodeLines.h"
#include "reports/html/ColourRuns.h"
#include "reports/html/FileEntries.h"
#include "reports/html/LineRows.h"
#include "reports/source/Language.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

using namespace llvm;

namespace emm {

static constexpr uint32_t ChunkLines = 200;
static constexpr uint32_t MaxColouredLines =
    8000; ///< in the page itself; the colours of a longer text are shards

static void banner(Markup &M, const LoadedSource &S) {
  if (S.Text) {
    if (S.State == Freshness::Unknown)
      M.element("p", {{"class", "banner quiet"}},
                "The record does not say which version of this file was compiled; the lines are those on "
                "disk now.");
    return;
  }
  if (S.Problem.empty())
    return;
  M.open("p", {{"class", "banner"}}).element("strong", S.Problem);
  if (S.State == Freshness::Changed)
    M.text(" Its text is left out, because annotations could stand at the wrong lines; the findings are "
           "listed with the "
           "positions of the compiled version.");
  M.close();
}

static std::vector<WordMark> wordMarks(ArrayRef<const Entry *> Entries, bool WarningsOnly) {
  std::vector<WordMark> Marks;
  for (const Entry *E : Entries)
    if (E->Pos.Column && !isDecision(*E) && (E->Severity >= Level::Warning || !WarningsOnly))
      Marks.push_back({E->Pos.Column, isOpen(*E) && E->Severity >= Level::Warning, E->Id});
  llvm::sort(Marks, [](const WordMark &A, const WordMark &B) {
    return std::pair(A.Column, !A.Warning) < std::pair(B.Column, !B.Warning);
  });
  Marks.erase(std::unique(Marks.begin(), Marks.end(),
                          [](const WordMark &A, const WordMark &B) { return A.Column == B.Column; }),
              Marks.end());
  return Marks;
}

static StringRef lineClass(ArrayRef<const Entry *> Entries) {
  Level Highest = Level::Off;
  for (const Entry *E : Entries)
    if (!isDecision(*E) && isOpen(*E))
      Highest = std::max(Highest, E->Severity);
  return Highest >= Level::Warning ? "h w" : Highest == Level::Note ? "h" : "";
}

/// The height a chunk is estimated at until it is seen depends on its lines; only classes can carry it.
static StringRef chunkClass(uint32_t Lines) {
  return Lines <= 20 ? "c n20" : Lines <= 60 ? "c n60" : Lines <= 120 ? "c n120" : "c";
}

static void code(Markup &M, const RowContext &X, LineRows &Rows, const FileEntries &F, StringRef Name) {
  const SourceText &Text = *X.Source;
  CodeLines Lines(Text, isCPlusPlusName(Name), isSourceName(Name) && Text.lineCount() <= MaxColouredLines);
  std::string Prefix = X.L.prefix(X.L.here());
  auto Next = F.Placed.begin();
  for (uint32_t First = 1; First <= Text.lineCount(); First += ChunkLines) {
    uint32_t Last = std::min(First + ChunkLines - 1, Text.lineCount());
    // The list is inside the chunk: containment confines counters, and the list's start must stay with its
    // items.
    M.open("div", {{"class", chunkClass(Last - First + 1)}}).open("ol", {{"start", First}});
    for (uint32_t Line = First; Line <= Last; ++Line) {
      std::vector<const Entry *> Here;
      for (; Next != F.Placed.end() && (*Next)->Pos.Line == Line; ++Next)
        Here.push_back(*Next);
      std::string Id = Prefix + "L" + std::to_string(Line);
      if (Here.empty()) {
        M.item(Id);
        Lines.line(M, Line, {});
        M.literal("\n");
        continue;
      }
      StringRef Class = lineClass(Here);
      if (Class.empty())
        M.item(Id);
      else
        M.open("li", {{"id", Id}, {"class", Class}});
      Lines.line(M, Line, wordMarks(Here, Rows.isCrowded()));
      Rows.line(M, Here);
      if (!Class.empty())
        M.close();
    }
    M.close().close();
  }
}

/// Without text: the findings by line.
static void listing(Markup &M, const RowContext &X, LineRows &Rows, const FileEntries &F) {
  std::string Prefix = X.L.prefix(X.L.here());
  M.open("div", {{"class", "c n20"}}).open("ul");
  for (auto I = F.Placed.begin(); I != F.Placed.end();) {
    uint32_t Line = (*I)->Pos.Line;
    std::vector<const Entry *> Here;
    for (; I != F.Placed.end() && (*I)->Pos.Line == Line; ++I)
      Here.push_back(*I);
    M.open("li", {{"id", Prefix + "L" + std::to_string(Line)}, {"class", "nosrc"}});
    M.element("span", {{"class", "n"}}, "line " + std::to_string(Line));
    M.literal(" ");
    Rows.line(M, Here);
    M.close();
  }
  M.close().close();
}

static void section(Markup &M, LineRows &Rows, Literal Heading, std::vector<const Entry *> Entries) {
  if (Entries.empty())
    return;
  M.open("section", {{"class", "whole"}}).open("h2").literal(Heading).close();
  Rows.line(M, Entries);
  M.close();
}

static std::string shardPrefix(uint32_t File) { return "p" + std::to_string(File); }

/// Whether the colours stand apart from the page.
static bool hasColoursApart(const LoadedSource &S, StringRef Name) {
  return S.Text && S.Text->lineCount() > MaxColouredLines && isSourceName(Name);
}

std::vector<RawShard> sourceColours(const Catalogue &C, uint32_t File, const LoadedSource &S) {
  StringRef Name = C.R.Files[File].Name;
  if (!hasColoursApart(S, Name))
    return {};
  return colourRuns(*S.Text, isCPlusPlusName(Name), ChunkLines, shardPrefix(File) + "-c");
}

SourceView sourceView(const Catalogue &C, const Links &L, uint32_t File, const LoadedSource &S,
                      StringSet<> &UsedIds) {
  SourceView V;
  FileEntries F = splitEntries(C, File, S.Text ? S.Text->lineCount() : 0);
  RowContext X{C, L, S.Text.get()};
  std::string Key = shardPrefix(File);
  StringRef Name = C.R.Files[File].Name;
  LazyRows Lazy(Key);
  LineRows Rows(X, Lazy, UsedIds, C.ByFile[File].size());
  Markup &M = V.Article;
  banner(M, S);
  Markup Outline;
  outline(Outline, X, F);
  M.open("div", {{"class", Outline.empty() ? "cols" : "cols two"}}).append(Outline);
  M.open("article", {{"class", "src"},
                     {"aria-label", "Annotated source"},
                     {"data-prefix", L.prefix(File)},
                     {"data-shard", Key},
                     {"data-colours", hasColoursApart(S, Name) ? ChunksPerColourShard : 0}});
  section(M, Rows, "About the file as a whole", F.Whole);
  if (S.Text)
    code(M, X, Rows, F, Name);
  else
    listing(M, X, Rows, F);
  section(M, Rows, "Gone since the other build or baseline", F.Gone);
  M.close();
  if (S.Text)
    overview(M, F, S.Text->lineCount());
  M.close();
  V.Shards = Lazy.finish();
  return V;
}

void familyFilter(Markup &M, const Tally &T) {
  M.open("form", {{"class", "fams"}, {"autocomplete", "off"}}).open("fieldset").element("legend", "Show");
  for (unsigned I = 0; I != FamilyCount; ++I) {
    if (!T.Families[I])
      continue;
    StringRef Name = familyName(static_cast<Family>(I));
    M.open("label");
    M.empty("input",
            {{"type", "checkbox"}, {"checked"}, {"id", ("fam-" + Name).str()}, {"data-family", Name}});
    M.text(Name).literal(" ");
    M.open("span", {{"class", "n"}}).number(T.Families[I]).close().close();
    M.literal("\n");
  }
  if (T.Notes && (T.Warnings || T.Errors)) {
    M.open("label", {{"class", "only"}});
    M.empty("input", {{"type", "checkbox"}, {"id", "fam-only"}, {"data-family", "only"}});
    M.literal("warnings only").close();
  }
  M.close().close();
}

std::string tallyText(const Tally &T) {
  std::string S;
  auto Add = [&](uint64_t N, StringRef One, StringRef Many) {
    if (N)
      S += (S.empty() ? "" : ", ") + counted(N, One, Many);
  };
  Add(T.Errors, "error", "errors");
  Add(T.Warnings, "warning", "warnings");
  Add(T.Notes, "note", "notes");
  Add(T.New, "new", "new");
  Add(T.Updated, "changed", "changed");
  Add(T.Fixed, "fixed", "fixed");
  Add(T.Suppressed, "suppressed", "suppressed");
  return S.empty() ? "no findings" : S;
}

PageParts sourcePage(const Catalogue &C, const Links &L, uint32_t File, SourceView View) {
  PageParts P;
  StringRef Name = C.R.Files[File].Name;
  P.Title = (Name + " \u00B7 " + C.Title).str();
  P.Kind = "source";
  Markup &H = P.Header;
  H.open("div", {{"class", "bar"}});
  H.open("nav", {{"class", "crumb"}, {"aria-label", "Report"}});
  H.element("a", {{"href", L.index()}, {"class", "home"}, {"rel", "up"}}, C.Title);
  auto At = llvm::lower_bound(C.Shown, File);
  if (At != C.Shown.end() && *At == File) {
    if (At != C.Shown.begin())
      H.element(
          "a", {{"href", L.file(*std::prev(At))}, {"rel", "prev"}, {"title", C.R.Files[*std::prev(At)].Name}},
          "\u2039 previous file");
    if (std::next(At) != C.Shown.end())
      H.element(
          "a", {{"href", L.file(*std::next(At))}, {"rel", "next"}, {"title", C.R.Files[*std::next(At)].Name}},
          "next file \u203A");
  }
  H.element("a", {{"href", L.rules()}}, "rules").close();
  H.element("h1", Name);
  H.element("p", {{"class", "tally"}}, tallyText(C.Files[File]));
  H.close();
  familyFilter(H, C.Files[File]);
  P.Main = std::move(View.Article);
  return P;
}

} // namespace emm
