//===- reports/html/ColourRuns.cpp - spans as gaps and lengths ------------===//

#include "reports/html/ColourRuns.h"

#include "reports/html/Escape.h"
#include "reports/source/Highlight.h"

#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace emm {

namespace {
/// Writes the numbers of one chunk.
struct ChunkRuns {
  std::string Text;
  size_t LastEnd = 0;
  size_t Units = 0; ///< before the current line

  void span(size_t Begin, size_t End, Paint Class) {
    if (!Text.empty())
      Text += ',';
    Text += std::to_string((Begin - LastEnd) * 8 + static_cast<unsigned>(Class)) + "," +
            std::to_string(End - Begin);
    LastEnd = End;
  }
};
} // namespace

/// Whether every byte is shown as one unit: then offsets need no counting.
static bool isPlain(StringRef Line) {
  return all_of(Line, [](char C) { return (C >= 0x20 && C < 0x7F) || C == '\t'; });
}

std::vector<RawShard> colourRuns(const SourceText &Source, bool CPlusPlus, uint32_t ChunkLines,
                                 const std::string &Prefix) {
  std::vector<PaintSpan> Spans = highlight(Source.text(), CPlusPlus);
  std::vector<RawShard> Shards;
  std::string Chunks;
  ChunkRuns Runs;
  size_t Next = 0;
  auto EndChunk = [&] {
    Chunks += (Chunks.empty() ? "[" : ",[") + Runs.Text + "]";
    Runs = ChunkRuns();
  };
  for (uint32_t Line = 1; Line <= Source.lineCount(); ++Line) {
    size_t Start = Source.lineStart(Line);
    StringRef Text = Source.line(Line);
    size_t End = Start + Text.size();
    if (Line == 1 && Text.starts_with("\xEF\xBB\xBF")) {
      Start += 3; // as in CodeLines
      Text = Text.drop_front(3);
    }
    bool Plain = isPlain(Text);
    auto UnitsTo = [&](size_t Offset) {
      return Runs.Units + (Plain ? Offset - Start : displayUnits(Text, Offset - Start));
    };
    while (Next != Spans.size() && Spans[Next].End <= Start)
      ++Next;
    for (size_t I = Next; I != Spans.size() && Spans[I].Begin < End; ++I) {
      size_t From = std::max(Spans[I].Begin, Start), To = std::min(Spans[I].End, End);
      if (From < To)
        Runs.span(UnitsTo(From), UnitsTo(To), Spans[I].Class);
    }
    Runs.Units = UnitsTo(End) + 1;
    if (Line % ChunkLines == 0 || Line == Source.lineCount())
      EndChunk();
    if (Line % (ChunkLines * ChunksPerColourShard) == 0 || Line == Source.lineCount()) {
      Shards.push_back({Prefix + std::to_string(Shards.size()), "[" + Chunks + "]"});
      Chunks.clear();
    }
  }
  return Shards;
}

} // namespace emm
