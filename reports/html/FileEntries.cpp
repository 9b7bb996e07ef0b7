//===- reports/html/FileEntries.cpp - splitting, outline, ticks -----------===//

#include "reports/html/FileEntries.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

using namespace llvm;

namespace emm {

static constexpr size_t MaxOutline = 200;

FileEntries splitEntries(const Catalogue &C, uint32_t File, uint32_t LineCount) {
  FileEntries F;
  for (uint32_t I : C.ByFile[File]) {
    const Entry &E = C.R.Entries[I];
    if (E.State == EntryState::Fixed)
      F.Gone.push_back(&E);
    else if (E.Pos.Line == 0 || (LineCount && E.Pos.Line > LineCount))
      F.Whole.push_back(&E);
    else
      F.Placed.push_back(&E);
  }
  return F;
}

void outline(Markup &M, const RowContext &X, const FileEntries &F) {
  std::vector<const Entry *> Listed;
  for (const Entry *E : F.Placed)
    if (!isDecision(*E) && isOpen(*E) && E->Severity >= Level::Warning)
      Listed.push_back(E);
  size_t Warnings = Listed.size();
  for (const Entry *E : F.Placed)
    if (!isDecision(*E) && isOpen(*E) && E->Severity < Level::Warning)
      Listed.push_back(E);
  if (Listed.empty())
    return;
  size_t Shown = std::min(Listed.size(), MaxOutline);
  M.open("nav",
         {{"class", "outline"}, {"aria-label", ("Findings in " + X.C.R.Files[X.L.here()].Name).str()}});
  M.element("h2", "In this file");
  M.open("ol");
  for (size_t I = 0; I != Shown; ++I) {
    const Entry &E = *Listed[I];
    M.open("li", {{"class", (levelName(E.Severity) + " " + familyName(familyOf(E)) + " o").str()}});
    M.open("a", {{"href", X.L.finding(E)}});
    M.element("span", {{"class", "ic"}, {"aria-hidden", "true"}}, levelIcon(E.Severity));
    M.element("span", {{"class", "m"}}, E.Message).literal(" ");
    M.element("span", {{"class", "n"}}, std::to_string(E.Pos.Line));
    M.close().close();
  }
  M.close();
  if (Shown < Listed.size())
    M.element("p", {{"class", "n"}},
              grouped(Listed.size() - Shown) + " more, " + grouped(std::max(Warnings, Shown) - Shown) +
                  " of them warnings");
  M.close();
}

void overview(Markup &M, const FileEntries &F, uint32_t LineCount) {
  if (LineCount < 60)
    return;
  // Attributes of SVG position them: the policy forbids inline style.
  M.open("svg", {{"class", "ticks"},
                 {"aria-hidden", "true"},
                 {"preserveAspectRatio", "none"},
                 {"viewBox", "0 0 10 " + std::to_string(LineCount)}});
  uint32_t Height = LineCount / 250 + 1, Last = 0;
  for (const Entry *E : F.Placed) {
    if (isDecision(*E) || E->Severity < Level::Warning || (Last && E->Pos.Line < Last + Height))
      continue;
    Last = E->Pos.Line;
    M.open("rect", {{"class", levelName(E->Severity)},
                    {"x", "0"},
                    {"width", "10"},
                    {"y", E->Pos.Line - 1},
                    {"height", Height}});
    M.close();
  }
  M.close();
}

} // namespace emm
