//===- reports/html/IndexTable.cpp - columns, string tables, packing ------===//

#include "reports/html/IndexTable.h"

#include "reports/html/Escape.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/ThreadPool.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace emm {

static constexpr size_t ChunkRows = size_t(1) << 15;
static constexpr size_t BufferBytes = size_t(1) << 14; ///< the JSON writer hands over single characters

template <typename Fn> static void column(json::OStream &J, StringRef Name, ArrayRef<Entry> Rows, Fn Value) {
  J.attributeArray(Name, [&] {
    for (const Entry &E : Rows)
      J.value(static_cast<int64_t>(Value(E)));
  });
}

static Shard sharedTables(const Catalogue &C, const Links &L, size_t Chunks) {
  std::string Text;
  raw_string_ostream OS(Text);
  OS.SetBufferSize(BufferBytes);
  json::OStream J(OS);
  auto Strings = [&](StringRef Name, const auto &Items, auto Get) {
    J.attributeArray(Name, [&] {
      for (const auto &I : Items)
        J.value(Get(I));
    });
  };
  J.object([&] {
    J.attribute("total", static_cast<int64_t>(C.R.Entries.size()));
    J.attribute("chunks", static_cast<int64_t>(Chunks));
    Strings("files", C.R.Files, [](const SourceFile &F) { return displayText(F.Name); });
    J.attributeArray("pages", [&] {
      for (uint32_t F = 0; F != C.R.Files.size(); ++F)
        J.value(C.hasPage(F) ? L.file(F).str() : StringRef());
    });
    J.attributeArray("rules", [&] {
      for (const RuleCount &R : C.Rules)
        J.array([&] {
          J.value(displayText(R.Id));
          J.value(R.Info ? R.Info->Title : StringRef());
        });
    });
    Strings("functions", C.FunctionNames, [](const std::string &S) { return displayText(S); });
  });
  OS.flush();
  return packShard({"i", std::move(Text)});
}

static Shard rowChunk(const Catalogue &C, const DenseMap<StringRef, unsigned> &RuleIndex, size_t Number) {
  ArrayRef<Entry> Rows = ArrayRef<Entry>(C.R.Entries).slice(Number * ChunkRows);
  Rows = Rows.take_front(ChunkRows);
  DenseMap<StringRef, unsigned> Sentences;
  std::vector<StringRef> Words;
  bool Folded = false, Hot = false;
  std::string Ids;
  for (const Entry &E : Rows) {
    if (Sentences.try_emplace(E.Message, Words.size()).second)
      Words.push_back(E.Message);
    Folded |= E.Units != 1 || E.Instances != 1;
    Hot |= E.Hotness != 0;
    std::string Id = E.Id.str();
    Id.resize(16, '0');
    Ids += Id;
  }
  std::string Text;
  raw_string_ostream OS(Text);
  OS.SetBufferSize(BufferBytes);
  json::OStream J(OS);
  J.object([&] {
    column(J, "f", Rows, [](const Entry &E) { return E.Pos.hasFile() ? E.Pos.File + 1 : 0; });
    int64_t Last = 0;
    column(J, "l", Rows, [&](const Entry &E) {
      int64_t Delta = E.Pos.Line - Last;
      Last = E.Pos.Line;
      return Delta;
    });
    column(J, "c", Rows, [](const Entry &E) { return E.Pos.Column; });
    column(J, "r", Rows, [&](const Entry &E) { return RuleIndex.lookup(E.RuleId); });
    column(J, "v", Rows, [](const Entry &E) { return static_cast<unsigned>(E.Severity); });
    column(J, "s", Rows, [](const Entry &E) { return static_cast<unsigned>(E.State); });
    column(J, "g", Rows, [&](const Entry &E) { return C.functionIndex(E.Function); });
    column(J, "m", Rows, [&](const Entry &E) { return Sentences.lookup(E.Message); });
    if (Folded) {
      column(J, "u", Rows, [](const Entry &E) { return E.Units; });
      column(J, "k", Rows, [](const Entry &E) { return E.Instances; });
    }
    if (Hot)
      column(J, "h", Rows, [](const Entry &E) { return E.Hotness; });
    J.attributeArray("w", [&] {
      for (StringRef W : Words)
        J.value(displayText(W));
    });
    J.attribute("i", displayText(Ids));
  });
  OS.flush();
  return packShard({"i-" + std::to_string(Number), std::move(Text)});
}

std::vector<Shard> indexTable(const Catalogue &C, const Links &L) {
  size_t Chunks = (C.R.Entries.size() + ChunkRows - 1) / ChunkRows;
  DenseMap<StringRef, unsigned> RuleIndex;
  for (unsigned I = 0; I != C.Rules.size(); ++I)
    RuleIndex[C.Rules[I].Id] = I;
  std::vector<Shard> Shards(Chunks + 1);
  Shards[0] = sharedTables(C, L, Chunks);
  DefaultThreadPool Pool(hardware_concurrency(C.O.Threads));
  for (size_t I = 0; I != Chunks; ++I)
    Pool.async([&, I] { Shards[I + 1] = rowChunk(C, RuleIndex, I); });
  Pool.wait();
  return Shards;
}

} // namespace emm
