//===- reports/html/FindingRow.cpp - summary, chain, stack, meta ----------===//

#include "reports/html/FindingRow.h"

#include "reports/html/Escape.h"
#include "reports/source/Highlight.h"

using namespace llvm;

namespace emm {

StringRef levelIcon(Level L) {
  switch (L) {
  case Level::Error:
    return "\u2716";
  case Level::Warning:
    return "\u25B2";
  case Level::Note:
  case Level::Off:
    break;
  }
  return "\u25CB";
}

StringRef stateWord(EntryState S) {
  switch (S) {
  case EntryState::New:
    return "new";
  case EntryState::Updated:
    return "changed";
  case EntryState::Fixed:
    return "fixed";
  case EntryState::Suppressed:
    return "suppressed";
  case EntryState::None:
  case EntryState::Unchanged:
    break;
  }
  return "";
}

std::string foldedCounts(const Entry &E) {
  std::string S;
  if (E.State == EntryState::Fixed && E.Pos.Line)
    S = "was at line " + std::to_string(E.Pos.Line);
  if (E.Units > 1)
    S += (S.empty() ? "in " : ", in ") + counted(E.Units, "unit", "units");
  if (E.Instances > 1)
    S += (S.empty() ? "" : ", ") + counted(E.Instances, "instance", "instances");
  return S;
}

static std::string placeText(const Catalogue &C, Position P) {
  if (!P.hasFile())
    return "position unknown";
  std::string S = C.R.Files[P.File].Name.str();
  if (P.Line)
    S += ":" + std::to_string(P.Line);
  if (P.Line && P.Column)
    S += ":" + std::to_string(P.Column);
  return S;
}

/// A link to a position. On the page of the file itself it carries the columns of the word there, so that the
/// script can mark the word and not only the line.
static void placeLink(Markup &M, const RowContext &X, Position P) {
  if (!P.hasFile()) {
    M.element("span", {{"class", "at"}}, placeText(X.C, P));
    return;
  }
  bool Here = P.File == X.L.here();
  std::string Text = Here && P.Line ? "line " + std::to_string(P.Line) : placeText(X.C, P);
  if (!X.C.hasPage(P.File)) {
    M.element("span", {{"class", "at"}}, Text);
    return;
  }
  if (Here && X.Source && P.Line && P.Line <= X.Source->lineCount() && P.Column) {
    StringRef Line = X.Source->line(P.Line);
    size_t Begin = std::min<size_t>(P.Column - 1, Line.size());
    size_t End = wordEnd(Line, Begin);
    size_t From = displayUnits(Line, Begin), To = displayUnits(Line, End);
    M.element("a",
              {{"class", "at"},
               {"href", X.L.line(P.File, P.Line)},
               {"data-l", P.Line},
               {"data-c", From},
               {"data-w", To - From}},
              Text);
    return;
  }
  if (Here && P.Line)
    M.element("a", {{"class", "at"}, {"href", X.L.line(P.File, P.Line)}, {"data-l", P.Line}}, Text);
  else
    M.element("a", {{"class", "at"}, {"href", X.L.line(P.File, P.Line)}}, Text);
}

/// What a step is to a race, for its colour: the access that is reported, the one in the other thread, a
/// start, a declaration. It is told by the wording of the rules; an unknown wording loses nothing but the
/// colour.
static StringRef stepRole(StringRef Message) {
  if (Message.starts_with("this access"))
    return "self";
  if (Message.starts_with("the other access"))
    return "other";
  if (Message.contains("started here"))
    return "start";
  if (Message.ends_with("declared here"))
    return "decl";
  return "";
}

void stepList(Markup &M, const RowContext &X, const Entry &E) {
  if (E.Steps.empty())
    return;
  M.open("ol", {{"class", "steps"}});
  for (const EntryStep &S : E.Steps) {
    if (StringRef Role = stepRole(S.Message); Role.empty())
      M.open("li");
    else
      M.open("li", {{"class", Role}});
    M.element("span", {{"class", "w"}}, S.Message);
    M.literal(" ");
    placeLink(M, X, S.Pos);
    M.close();
  }
  M.close();
}

static void inlineStack(Markup &M, const RowContext &X, const Entry &E) {
  if (E.InlineStack.empty())
    return;
  M.element("p", {{"class", "sub"}}, "Inlined into");
  M.open("ol", {{"class", "stack"}});
  for (const EntryFrame &F : E.InlineStack) {
    M.open("li");
    M.element("code", {{"title", X.C.functionTitle(F.Function)}}, X.C.functionName(F.Function));
    M.literal(" ");
    placeLink(M, X, F.Pos);
    M.close();
  }
  M.close();
}

static void reasonLine(Markup &M, const Entry &E) {
  if (E.Reason.empty())
    return;
  StringRef Label = E.State == EntryState::Updated      ? "Before: "
                    : E.State == EntryState::Suppressed ? "Why suppressed: "
                                                        : "";
  M.open("p", {{"class", "reason"}}).text(Label).text(E.Reason).close();
}

static void metaLine(Markup &M, const RowContext &X, const Entry &E) {
  M.open("p", {{"class", "meta"}});
  if (E.Info)
    M.element("a", {{"class", "help"}, {"href", X.L.rule(E.RuleId)}}, E.Info->Title);
  else
    M.open("span").text("remark ").element("code", E.RuleId).close();
  if (!E.Function.empty()) {
    M.literal(" <span>in ");
    M.element("code", {{"title", X.C.functionTitle(E.Function)}}, X.C.functionName(E.Function))
        .literal("</span>");
  }
  if (E.Hotness)
    M.literal(" <span>hotness ").number(E.Hotness).literal("</span>");
  M.literal(" ");
  M.element("a", {{"class", "id"}, {"title", "Link to this finding"}, {"href", X.L.finding(E)}}, E.Id);
  M.close();
}

void findingRow(Markup &M, const RowContext &X, const Entry &E, bool WithId) {
  std::string Class = ("f " + levelName(E.Severity) + " " + familyName(familyOf(E))).str();
  if (StringRef S = stateWord(E.State); !S.empty())
    Class += (" " + S).str();
  if (WithId)
    M.open("details", {{"class", Class}, {"id", "F" + E.Id.str()}});
  else
    M.open("details", {{"class", Class}});
  M.open("summary");
  M.open("span", {{"class", "lv"}})
      .element("span", {{"class", "ic"}, {"aria-hidden", "true"}}, levelIcon(E.Severity))
      .text(levelName(E.Severity))
      .close();
  if (StringRef S = stateWord(E.State); !S.empty())
    M.literal(" ").element("span", {{"class", "st"}}, S);
  M.literal(" ").element("span", {{"class", "m"}}, E.Message);
  M.literal(" ").element("span", {{"class", "r"}}, E.RuleId);
  if (std::string N = foldedCounts(E); !N.empty())
    M.literal(" ").element("span", {{"class", "n"}}, N);
  M.close();
  M.open("div", {{"class", "b"}});
  reasonLine(M, E);
  stepList(M, X, E);
  inlineStack(M, X, E);
  metaLine(M, X, E);
  M.close().close();
}

} // namespace emm
