//===- reports/html/IndexPage.cpp - verdict, news, problems, lists --------===//

#include "reports/html/IndexPage.h"

#include "reports/html/FindingRow.h"
#include "reports/html/SourcePage.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <set>

using namespace llvm;

namespace emm {

static constexpr size_t MaxNews = 50;
static constexpr size_t MaxTop = 100;
static constexpr size_t MaxFiles = 2000;
static constexpr size_t MaxProblems = 200;

/// What the units have in common, or the first few of what they do not.
static std::string joined(const std::set<StringRef> &Values) {
  std::string S;
  size_t N = 0;
  for (StringRef V : Values) {
    if (V.empty())
      continue;
    if (++N == 4)
      return S + ", \u2026";
    S += (S.empty() ? "" : ", ") + V.str();
  }
  return S;
}

static void verdict(Markup &M, const Catalogue &C) {
  const Tally &T = C.Total;
  bool Problems = any_of(C.R.Problems, [](const InputProblem &P) { return P.Incomplete; });
  uint64_t Warned = T.Errors + T.Warnings;
  const char *Class = "verdict good", *Icon = "\u2713";
  std::string Text = "No warnings";
  std::string Reason;
  if (C.O.Verdict) {
    Text = C.O.Verdict->Passed ? "Gate passed" : "Gate failed";
    Reason = C.O.Verdict->Reason;
    if (!C.O.Verdict->Passed)
      Class = "verdict failed", Icon = "\u2716";
  } else if (Warned) {
    size_t Files = count_if(C.Files, [](const Tally &F) { return F.Errors + F.Warnings; });
    Text = counted(Warned, "warning", "warnings") + (Files ? " in " + counted(Files, "file", "files") : "");
    Class = "verdict bad", Icon = "\u25B2";
  }
  if (Problems && !C.O.Verdict && !Warned)
    Class = "verdict open", Icon = "?";
  M.open("div", {{"class", Class}});
  M.open("p", {{"class", "say"}})
      .element("span", {{"class", "ic"}, {"aria-hidden", "true"}}, Icon)
      .text(Text)
      .close();
  if (!Reason.empty())
    M.element("p", {{"class", "why"}}, Reason);
  if (Problems)
    M.open("p", {{"class", "why"}})
        .literal("The input is incomplete: ")
        .element("a", {{"href", Url::fragment("problems")}}, "see below")
        .literal(".")
        .close();
  M.open("p", {{"class", "tally"}}).text(tallyText(T));
  if (!C.R.Units.empty()) {
    std::set<StringRef> Compilers, Flags;
    for (const Unit &U : C.R.Units) {
      Compilers.insert(U.Compiler);
      Flags.insert(U.Flags);
    }
    M.text(", " + counted(C.R.Units.size(), "unit", "units"));
    if (std::string S = joined(Compilers); !S.empty())
      M.text(", " + S);
    if (std::string S = joined(Flags); !S.empty())
      M.literal(", ").element("code", S);
  }
  M.close().close();
}

/// One finding as a row of a list: everything that fits a line, linked to its place.
static void plainRow(Markup &M, const Catalogue &C, const Links &L, const Entry &E) {
  M.open("li", {{"class", ("x " + levelName(E.Severity) + " " + stateWord(E.State)).str()}});
  M.open("span", {{"class", "lv"}})
      .element("span", {{"class", "ic"}, {"aria-hidden", "true"}}, levelIcon(E.Severity))
      .text(levelName(E.Severity))
      .close();
  M.literal(" <span class=\"s\">");
  if (StringRef S = stateWord(E.State); !S.empty())
    M.element("span", {{"class", "st"}}, S).literal(" ");
  if (E.Pos.hasFile())
    M.element("a", {{"class", "m"}, {"href", L.finding(E)}}, E.Message);
  else
    M.element("span", {{"class", "m"}}, E.Message);
  if (E.State == EntryState::Updated && !E.Reason.empty())
    M.literal(" ").element("span", {{"class", "was"}}, ("before: " + E.Reason).str());
  M.literal("</span> ");
  if (E.Info)
    M.element("a", {{"class", "r"}, {"href", L.rule(E.RuleId)}}, E.RuleId).literal(" ");
  else
    M.element("span", {{"class", "r"}}, E.RuleId).literal(" ");
  std::string Place = E.Pos.hasFile() ? C.R.Files[E.Pos.File].Name.str() : std::string("position unknown");
  if (E.Pos.hasFile() && E.Pos.Line)
    Place += ":" + std::to_string(E.Pos.Line);
  M.element("span", {{"class", "p"}}, Place);
  M.close();
}

namespace {
/// The most severe entries of a kind, in the report's order within a severity, and how many there are.
struct Selection {
  std::vector<const Entry *> First;
  size_t Count = 0;
};
} // namespace

static Selection mostSevere(const Catalogue &C, size_t Max, llvm::function_ref<bool(const Entry &)> Wanted) {
  // One bucket for findings and one for decisions of each level; none needs more than Max entries.
  std::vector<const Entry *> Buckets[8];
  Selection S;
  for (const Entry &E : C.R.Entries) {
    if (!Wanted(E))
      continue;
    ++S.Count;
    auto &Bucket = Buckets[2 * (3 - static_cast<unsigned>(E.Severity)) + isDecision(E)];
    if (Bucket.size() < Max)
      Bucket.push_back(&E);
  }
  for (const auto &Bucket : Buckets)
    for (const Entry *E : Bucket)
      if (S.First.size() < Max)
        S.First.push_back(E);
  return S;
}

static void list(Markup &M, const Catalogue &C, const Links &L, const Selection &S) {
  M.open("ul", {{"class", "rows"}});
  for (const Entry *E : S.First)
    plainRow(M, C, L, *E);
  M.close();
  if (S.Count > S.First.size())
    M.element("p", {{"class", "n"}},
              "and " + grouped(S.Count - S.First.size()) + " more, on the pages of the files");
}

static void news(Markup &M, const Catalogue &C, const Links &L) {
  auto Section = [&](Literal Id, Literal Heading, EntryState S) {
    Selection Entries = mostSevere(C, MaxNews, [&](const Entry &E) { return E.State == S; });
    if (!Entries.Count)
      return;
    M.open("section", {{"class", "news"}, {"id", Id.str()}}).open("h2").literal(Heading).literal(" ");
    M.open("span", {{"class", "n"}}).number(Entries.Count).close().close();
    list(M, C, L, Entries);
    M.close();
  };
  Section("new", "New", EntryState::New);
  Section("changed", "Changed", EntryState::Updated);
  Section("fixed", "Fixed", EntryState::Fixed);
}

static void problems(Markup &M, const Catalogue &C) {
  if (C.R.Problems.empty())
    return;
  size_t Missing = count_if(C.R.Problems, [](const InputProblem &P) { return P.Incomplete; });
  M.open("section", {{"class", "problems"}, {"id", "problems"}});
  M.element("h2", Missing ? "Incomplete input" : "Remarks about the input");
  if (Missing)
    M.element("p", "What follows does not speak for these: " + counted(Missing, "input", "inputs") +
                       " could not be read completely.");
  M.open("ul");
  for (const InputProblem &P : ArrayRef<InputProblem>(C.R.Problems).take_front(MaxProblems))
    M.open("li").element("code", P.Input).text(": " + P.Message).close();
  M.close();
  if (C.R.Problems.size() > MaxProblems)
    M.element("p", {{"class", "n"}}, "and " + grouped(C.R.Problems.size() - MaxProblems) + " more");
  M.close();
}

static void findings(Markup &M, const Catalogue &C, const Links &L) {
  Selection Open = mostSevere(C, MaxTop, isOpen);
  M.open("section", {{"id", "findings"}}).element("h2", "Findings");
  if (!Open.Count)
    M.element("p", C.R.Units.empty() ? "Nothing was read." : "None.");
  else
    list(M, C, L, Open);
  M.close();
}

static void ruleTable(Markup &M, const Catalogue &C, const Links &L) {
  if (C.Rules.empty())
    return;
  M.open("section", {{"id", "rule-counts"}}).element("h2", "By rule");
  M.open("table").open("thead").open("tr");
  M.element("th", {{"scope", "col"}}, "Rule")
      .element("th", {{"scope", "col"}}, "Says")
      .element("th", {{"scope", "col"}, {"class", "num"}}, "Findings");
  M.close().close().open("tbody");
  for (const RuleCount &R : C.Rules) {
    if (!R.Count)
      continue;
    M.open("tr").open("th", {{"scope", "row"}});
    M.element("span", {{"class", ("ic " + levelName(R.Highest)).str()}, {"aria-hidden", "true"}},
              levelIcon(R.Highest))
        .literal(" ");
    if (R.Info)
      M.element("a", {{"href", L.rule(R.Id)}}, R.Id);
    else
      M.text(R.Id);
    M.close();
    M.element("td", R.Info ? R.Info->Title : StringRef("a remark of another pass"));
    M.open("td", {{"class", "num"}}).number(R.Count).close().close();
  }
  M.close().close().close();
}

static void fileTable(Markup &M, const Catalogue &C, const Links &L) {
  if (C.Shown.empty())
    return;
  std::vector<uint32_t> Order;
  for (uint32_t F : C.Shown)
    if (!C.ByFile[F].empty())
      Order.push_back(F);
  auto Key = [&](uint32_t F) { return std::pair(C.Files[F].Errors + C.Files[F].Warnings, C.Files[F].New); };
  std::stable_sort(Order.begin(), Order.end(), [&](uint32_t A, uint32_t B) { return Key(A) > Key(B); });
  M.open("section", {{"id", "files"}}).element("h2", "Files");
  M.open("table").open("thead").open("tr");
  M.element("th", {{"scope", "col"}}, "File");
  M.element("th", {{"scope", "col"}, {"class", "num"}}, "Warnings")
      .element("th", {{"scope", "col"}, {"class", "num"}}, "Notes");
  bool News = C.Total.New || C.Total.Fixed;
  if (News)
    M.element("th", {{"scope", "col"}, {"class", "num"}}, "New")
        .element("th", {{"scope", "col"}, {"class", "num"}}, "Fixed");
  M.close().close().open("tbody");
  auto Cell = [&](uint64_t N) { M.open("td", {{"class", N ? "num" : "num nil"}}).number(N).close(); };
  for (uint32_t F : ArrayRef<uint32_t>(Order).take_front(MaxFiles)) {
    const Tally &T = C.Files[F];
    M.open("tr")
        .open("th", {{"scope", "row"}})
        .element("a", {{"href", L.file(F)}}, C.R.Files[F].Name)
        .close();
    Cell(T.Errors + T.Warnings);
    Cell(T.Notes);
    if (News) {
      Cell(T.New);
      Cell(T.Fixed);
    }
    M.close();
  }
  M.close().close();
  if (Order.size() > MaxFiles)
    M.element("p", {{"class", "n"}},
              "and " + grouped(Order.size() - MaxFiles) + " more; each page links to the next");
  M.close();
}

PageParts indexPage(const Catalogue &C, const Links &L) {
  PageParts P;
  P.Title = C.Title;
  P.Kind = "index";
  Markup &H = P.Header;
  H.open("div", {{"class", "bar"}}).element("h1", C.Title);
  H.open("nav", {{"class", "crumb"}, {"aria-label", "Report"}});
  H.element("a", {{"href", Url::fragment("findings")}}, "findings");
  if (!C.Shown.empty())
    H.element("a", {{"href", Url::fragment("files")}}, "files");
  H.element("a", {{"href", L.rules()}}, "rules").close().close();
  Markup &M = P.Main;
  M.open("div", {{"class", "front"}});
  verdict(M, C);
  problems(M, C);
  news(M, C, L);
  findings(M, C, L);
  M.open("div", {{"class", "totals"}});
  fileTable(M, C, L);
  ruleTable(M, C, L);
  M.close().close();
  return P;
}

} // namespace emm
