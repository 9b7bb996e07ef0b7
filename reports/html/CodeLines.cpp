//===- reports/html/CodeLines.cpp - spans and marks to elements -----------===//

#include "reports/html/CodeLines.h"

using namespace llvm;

namespace emm {

CodeLines::CodeLines(const SourceText &Source, bool CPlusPlus, bool Coloured) : Source(Source) {
  if (Coloured)
    Spans = highlight(Source.text(), CPlusPlus);
}

static void openPaint(Markup &M, Paint P) {
  switch (P) {
  case Paint::Keyword:
    M.open("b");
    return;
  case Paint::Comment:
    M.open("i");
    return;
  case Paint::String:
    M.open("u");
    return;
  case Paint::Number:
    M.open("var");
    return;
  case Paint::Directive:
    M.open("samp");
    return;
  }
}

/// Text of one colour, cut where marked words begin and end.
void CodeLines::run(Markup &M, size_t Begin, size_t End, ArrayRef<WordMark> Marks, size_t LineStart) {
  StringRef Text = Source.text();
  for (const WordMark &W : Marks) {
    size_t From = LineStart + W.Column - 1;
    if (From < Begin || From >= End)
      continue;
    size_t To = std::min(wordEnd(Text, From), End);
    M.text(Text.slice(Begin, From));
    StringRef Word = Text.slice(From, To);
    if (W.Warning)
      M.element("mark", {{"class", "w"}, {"data-f", W.Id}}, Word);
    else
      M.element("mark", {{"data-f", W.Id}}, Word);
    Begin = To;
  }
  M.text(Text.slice(Begin, End));
}

void CodeLines::line(Markup &M, uint32_t Line, ArrayRef<WordMark> Marks) {
  size_t Start = Source.lineStart(Line);
  const size_t Origin = Start; // columns count from here
  size_t End = Start + Source.line(Line).size();
  if (Line == 1 && Source.text().starts_with("\xEF\xBB\xBF"))
    Start += 3; // a byte-order mark is no text; clang skips it too
  size_t At = Start;
  while (Next != Spans.size() && Spans[Next].End <= Start)
    ++Next;
  for (size_t I = Next; I != Spans.size() && Spans[I].Begin < End; ++I) {
    size_t From = std::max(Spans[I].Begin, Start), To = std::min(Spans[I].End, End);
    if (From >= To)
      continue;
    run(M, At, From, Marks, Origin);
    openPaint(M, Spans[I].Class);
    run(M, From, To, Marks, Origin);
    M.close();
    At = To;
  }
  run(M, At, End, Marks, Origin);
}

} // namespace emm
