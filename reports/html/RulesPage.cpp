//===- reports/html/RulesPage.cpp - the table of rules as help ------------===//

#include "reports/html/CodeLines.h"
#include "reports/html/IndexPage.h"

using namespace llvm;

namespace emm {

static void example(Markup &M, Literal Heading, StringRef Code) {
  if (Code.empty())
    return;
  M.open("figure").open("figcaption").literal(Heading).close().open("pre");
  SourceText Text(MemoryBuffer::getMemBuffer(Code, "", false));
  CodeLines Lines(Text, true, true);
  for (uint32_t L = 1; L <= Text.lineCount(); ++L) {
    Lines.line(M, L, {});
    M.literal("\n");
  }
  M.close().close();
}

/// Prose in which `backticks` enclose code, as everywhere in the table of rules.
static void prose(Markup &M, StringRef Text) {
  M.open("p");
  for (bool Code = false; !Text.empty(); Code = !Code) {
    auto [Part, Rest] = Text.split('`');
    if (Code)
      M.element("code", Part);
    else
      M.text(Part);
    Text = Rest;
  }
  M.close();
}

void ruleHelp(Markup &M, const Catalogue &C, const Links &L) {
  StringRef Family;
  for (const RuleInfo &R : allRules()) {
    if (R.family() != Family) {
      if (!Family.empty())
        M.close();
      Family = R.family();
      M.open("section", {{"class", "family"}}).element("h2", Family);
    }
    uint64_t Count = 0;
    for (const RuleCount &N : C.Rules)
      if (N.Id == R.Id)
        Count = N.Count;
    M.open("section", {{"class", "rule"}, {"id", R.Id}});
    M.open("h3").element("code", R.Id).literal(" ").text(R.Title).close();
    M.open("p", {{"class", "meta"}}).text(levelName(R.DefaultLevel)).text(" by default, ");
    if (Count && L.place() != Links::Place::Single)
      M.element("a", {{"href", Url::relative("index.html", "rule=" + R.Id.str())}},
                counted(Count, "finding", "findings"));
    else
      M.text(Count ? counted(Count, "finding", "findings") : "not found here");
    M.close();
    for (StringRef Rest = R.Help; !Rest.empty();) {
      auto [Paragraph, Tail] = Rest.split("\n\n");
      prose(M, Paragraph);
      Rest = Tail;
    }
    if (!R.Bad.empty()) {
      M.open("div", {{"class", "examples"}});
      example(M, "Reported", R.Bad);
      example(M, R.DefaultLevel >= Level::Warning ? Literal("Mended") : Literal("Otherwise"), R.Good);
      M.close();
    }
    M.close();
  }
  if (!Family.empty())
    M.close();
}

PageParts rulesPage(const Catalogue &C, const Links &L) {
  PageParts P;
  P.Title = "Rules \u00B7 " + C.Title;
  P.Kind = "rules";
  P.Header.open("div", {{"class", "bar"}}).open("nav", {{"class", "crumb"}, {"aria-label", "Report"}});
  P.Header.element("a", {{"href", L.index()}, {"class", "home"}, {"rel", "up"}}, C.Title).close();
  P.Header.element("h1", "Rules").close();
  P.Main.open("div", {{"class", "prose"}});
  ruleHelp(P.Main, C, L);
  P.Main.close();
  return P;
}

} // namespace emm
