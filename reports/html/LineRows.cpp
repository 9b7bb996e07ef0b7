//===- reports/html/LineRows.cpp - grouping, folding, budget --------------===//

#include "reports/html/LineRows.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

using namespace llvm;

namespace emm {

static constexpr size_t MaxStaticRows = 4000; ///< of a page that holds all its rows
static constexpr size_t MaxCrowdedNotes =
    800;                                    ///< rows of notes, that are no decisions, in a page that does not
static constexpr size_t MaxRowsPerLine = 6; ///< before the tail is folded
static constexpr size_t MaxRowsPerPiece = 500; ///< fetched by one click
static constexpr size_t MaxLabel = 100;        ///< characters of a single decision shown unfolded

LineRows::LineRows(const RowContext &X, LazyRows &Lazy, StringSet<> &UsedIds, size_t Total)
    : X(X), Lazy(Lazy), UsedIds(UsedIds), DecisionsLazy(Total > MaxStaticRows),
      NotesLeft(DecisionsLazy ? MaxCrowdedNotes : MaxStaticRows) {}

/// What several decisions are counted under.
static StringRef decisionKind(const Entry &E) {
  if (E.RuleId == "inline/inlined" || E.RuleId == "inline/Inlined" || E.RuleId == "inline/AlwaysInline")
    return "inlined";
  if (E.RuleId == "inline/missed" || E.RuleId.starts_with("inline/NoDefinition") ||
      E.RuleId == "inline/TooCostly" || E.RuleId == "inline/NeverInline" || E.RuleId == "inline/NotInlined")
    return "not inlined";
  if (E.RuleId == "inline/can")
    return "can inline";
  if (E.RuleId == "inline/cannot")
    return "cannot inline";
  return E.RuleId.split('/').first;
}

/// Cuts at a character boundary.
static std::string shortened(StringRef S) {
  if (S.size() <= MaxLabel)
    return S.str();
  size_t End = MaxLabel;
  while (End && (static_cast<unsigned char>(S[End]) & 0xC0) == 0x80)
    --End;
  return S.take_front(End).str() + "\u2026";
}

/// `2 changed`: how many of a group differ from the baseline or the other build.
static std::string stateLabel(ArrayRef<const Entry *> Group) {
  std::string Label;
  for (EntryState S : {EntryState::New, EntryState::Updated}) {
    size_t N = count_if(Group, [&](const Entry *E) { return E->State == S; });
    if (N)
      Label += (Label.empty() ? "" : ", ") + (Group.size() == 1 ? "" : std::to_string(N) + " ") +
               stateWord(S).str();
  }
  return Label.empty() ? Label : Label + ": ";
}

static std::string decisionLabel(ArrayRef<const Entry *> Group) {
  if (Group.size() == 1)
    return stateLabel(Group) + shortened(Group.front()->Message);
  SmallVector<std::pair<StringRef, unsigned>, 4> Counts;
  for (const Entry *E : Group) {
    auto At = find_if(Counts, [&](const auto &P) { return P.first == decisionKind(*E); });
    if (At == Counts.end())
      Counts.push_back({decisionKind(*E), 1});
    else
      ++At->second;
  }
  std::string Label = stateLabel(Group);
  for (size_t I = 0; I != Counts.size(); ++I) {
    if (I == 4) {
      Label += " \u2026";
      break;
    }
    Label += (I ? " \u00B7 " : "") + std::to_string(Counts[I].second) + " " + Counts[I].first.str();
  }
  return Label;
}

static std::string decisionClass(ArrayRef<const Entry *> Group) {
  bool News = any_of(
      Group, [](const Entry *E) { return E->State == EntryState::New || E->State == EntryState::Updated; });
  bool Inline = familyOf(*Group.front()) == Family::Inline;
  bool Missed = any_of(Group, [](const Entry *E) {
    return decisionKind(*E) == "not inlined" || E->RuleId == "inline/cannot" || E->Kind == RemarkKind::Missed;
  });
  return std::string(Inline ? "d inline" : "d other") + (Missed ? " no" : "") + (News ? " news" : "");
}

void LineRows::row(Markup &M, const Entry &E) { findingRow(M, X, E, UsedIds.insert(E.Id).second); }

/// The key of a piece with the rows of \p Group. A piece that is too long for one click ends with a button
/// for the rest.
std::string LineRows::lazily(ArrayRef<const Entry *> Group) {
  std::string RestKey;
  size_t Pieces = (Group.size() + MaxRowsPerPiece - 1) / MaxRowsPerPiece;
  while (Pieces--) {
    ArrayRef<const Entry *> Part = Group.slice(Pieces * MaxRowsPerPiece).take_front(MaxRowsPerPiece);
    size_t Rest = Group.size() - Pieces * MaxRowsPerPiece - Part.size();
    Markup Piece;
    for (const Entry *E : Part)
      row(Piece, *E);
    if (Rest)
      Piece.element("button", {{"class", "d more"}, {"data-k", RestKey}}, grouped(Rest) + " more");
    RestKey = Lazy.add(std::move(Piece));
  }
  return RestKey;
}

void LineRows::decisions(Markup &M, ArrayRef<const Entry *> Group) {
  if (Group.empty())
    return;
  std::string Class = decisionClass(Group);
  if (DecisionsLazy) {
    std::string Key = lazily(Group);
    M.element("button", {{"class", Class}, {"data-k", Key}}, decisionLabel(Group));
    return;
  }
  M.open("details", {{"class", Class}});
  M.element("summary", decisionLabel(Group));
  for (const Entry *E : Group)
    row(M, *E);
  M.close();
}

void LineRows::rows(Markup &M, ArrayRef<const Entry *> Rows) {
  size_t Shown = Rows.size() > MaxRowsPerLine + 1 ? MaxRowsPerLine : Rows.size();
  // Warnings are never folded away.
  while (Shown < Rows.size() && Rows[Shown]->Severity >= Level::Warning)
    ++Shown;
  for (const Entry *E : Rows.take_front(Shown))
    row(M, *E);
  if (Shown == Rows.size())
    return;
  M.open("details", {{"class", "more"}});
  M.element("summary", "+" + std::to_string(Rows.size() - Shown) + " more on this line");
  for (const Entry *E : Rows.drop_front(Shown))
    row(M, *E);
  M.close();
}

void LineRows::beyondBudget(Markup &M, ArrayRef<const Entry *> Notes) {
  if (Notes.empty())
    return;
  std::string Key = lazily(Notes);
  M.element("button", {{"class", "d more"}, {"data-k", Key}},
            Notes.size() == 1 ? shortened(Notes.front()->Message) : counted(Notes.size(), "note", "notes"));
}

void LineRows::line(Markup &M, std::vector<const Entry *> &Entries) {
  std::stable_sort(Entries.begin(), Entries.end(),
                   [](const Entry *A, const Entry *B) { return A->Severity > B->Severity; });
  std::vector<const Entry *> Inline, Other, Rows, Beyond;
  for (const Entry *E : Entries) {
    if (isDecision(*E)) {
      (familyOf(*E) == Family::Inline ? Inline : Other).push_back(E);
    } else if (E->Severity >= Level::Warning) {
      Rows.push_back(E);
    } else if (NotesLeft) {
      --NotesLeft;
      Rows.push_back(E);
    } else {
      Beyond.push_back(E);
    }
  }
  decisions(M, Inline);
  decisions(M, Other);
  beyondBudget(M, Beyond);
  // The line ends before the rows, so that copied text has its lines; behind an unfolded group the end is not
  // shown.
  if (DecisionsLazy || (Inline.empty() && Other.empty()))
    M.literal("\n");
  else
    M.literal("<span class=\"nl\">\n</span>");
  rows(M, Rows);
}

} // namespace emm
