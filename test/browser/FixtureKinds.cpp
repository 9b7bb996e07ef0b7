//===- test/browser/FixtureKinds.cpp - small, hostile, large --------------===//

#include "test/browser/FixtureReport.h"

#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace emm::fixture {

static constexpr char CacheSource[] = R"cpp(#include "cache.h"

#include <mutex>
#include <thread>
#include <unordered_map>

namespace shop {

/// Prices by article, filled by a loader thread.
class Cache {
public:
  void start();
  int price(int Article) const;

private:
  std::unordered_map<int, int> Prices;
  mutable std::mutex Lock;
};

static std::unordered_map<int, int> Hits;

void Cache::start() {
  std::thread Loader([this] {
    for (int Article = 0; Article < 1000; ++Article)
      Prices[Article] = fetch(Article);   // no lock is held here
  });
  Loader.detach();
}

int Cache::price(int Article) const {
	++Hits[Article];
  std::lock_guard<std::mutex> Guard(Lock);
  auto At = Prices.find(Article);
  return At == Prices.end() ? -1 : At->second;
}

int *firstHit() {
  int Count = 0;
  int *Where = &Count;
  const char *Text = R"(raw "text" with // no comment)";
  return Where;
}

/* A block comment
   over two lines. */
struct Summary final {
  int override = 0'1;
  virtual ~Summary();
  int *Best = new int(1), *Worst = new int(2), *Mean = new int(3), *Median = new int(4), *Low = new int(5), *High = new int(6), *Sum = new int(7), *Rest = new int(8), *Last = new int(9);
};

} // namespace shop
)cpp";

static constexpr char CacheHeader[] = R"cpp(#pragma once

template <typename T> T fetch(T Key) {
  T *Copy = new T(Key);
  T Result = *Copy * 2;
  delete Copy;
  return Result;
}
)cpp";

void fillSmall(Fixture &F) {
  uint32_t Led = F.source("include/hash.h", "#pragma once\ninline int hash(int Key) { return Key * 31; }\n");
  uint32_t Changed = F.source("src/changed.cpp", "int main() { return 0; }\n", "changed");
  uint32_t Cache = F.source("src/cache.cpp", CacheSource);
  uint32_t Header = F.source("src/cache.h", CacheHeader);
  uint32_t Gone = F.missing("src/gone.cpp");
  uint32_t Unverified = F.source("src/plain.c", "int add(int a, int b)\n{\n\treturn a + b;\n}\n", "");

  Where Write = F.at(Cache, "Prices[Article]"), Read = F.at(Cache, "Prices.find"),
        Spawn = F.at(Cache, "Loader([this]");
  F.add({"map/concurrent-write",
         Write,
         "map Prices is written in the thread started at src/cache.cpp:22 without a lock while "
         "shop::Cache::price reads it",
         "_ZZN4shop5Cache5startEvENKUlvE_clEv",
         {{F.at(Cache, "Prices;"), "map Prices is declared here"},
          {Spawn, "the thread is started here and runs lambda"},
          {Write, "this access holds no lock"},
          {Read, "the other access: a caller of shop::Cache::price may read it here, holding Lock"},
          {F.at(Cache, "Loader.detach"), "not joined before the function returns"},
          {F.at(Led, "hash(int"), "the key is hashed here"}},
         {},
         EntryState::New});
  F.add({"map/concurrent-read-write",
         F.at(Cache, "Hits[Article]"),
         "map Hits is read and written by callers of shop::Cache::price without a lock",
         "_ZNK4shop5Cache5priceEi",
         {{F.at(Cache, "Hits;"), "map Hits is a global"},
          {F.at(Cache, "Hits[Article]"), "written, no lock held"}},
         {},
         EntryState::Unchanged});
  F.add({"escape/outlives-frame",
         F.at(Cache, "&Count"),
         "address of Count is returned: it outlives the frame of firstHit",
         "_ZN4shop8firstHitEv",
         {{F.at(Cache, "&Count"), "flow: Where = &Count"},
          {F.at(Cache, "return Where"), "from return Where (return)"}},
         {},
         EntryState::Updated,
         "address of Count escapes"});
  F.add({"closure/capture", F.at(Cache, "[this]"),
         "lambda capturing by value: this (addr=false assign=false width=8)", "_ZN4shop5Cache5startEv"});
  F.add({"escape/heap",
         F.at(Cache, "[this]"),
         "lambda escapes to heap",
         "_ZN4shop5Cache5startEv",
         {{F.at(Cache, "[this]"), "from Loader (started in a thread)"}}});
  F.add({"escape/param", F.at(Cache, "price(int Article) const {"), "this does not escape",
         "_ZNK4shop5Cache5priceEi"});
  F.add({"lock/useless",
         F.at(Cache, "Guard(Lock)"),
         "a lock that protects nothing",
         "_ZNK4shop5Cache5priceEi",
         {},
         {},
         EntryState::Suppressed,
         "the lock is taken for its side effect in tests"});
  F.add({"atomic/missing",
         F.at(Cache, "Count = 0"),
         "shared variable Total was accessed without a lock",
         "_ZN4shop8firstHitEv",
         {},
         {},
         EntryState::Fixed});
  F.add({"inline/inlined", F.at(Cache, "Prices[Article]"), "inlining call to std::unordered_map::operator[]",
         "_ZZN4shop5Cache5startEvENKUlvE_clEv"});
  F.add({"inline/inlined", F.at(Cache, "fetch(Article)"), "inlining call to fetch",
         "_ZZN4shop5Cache5startEvENKUlvE_clEv"});
  F.add({"inline/missed",
         F.at(Cache, "fetch(Article)"),
         "not inlining call to std::_Hashtable::_M_insert_unique_node: cost 410 exceeds threshold 225",
         "_ZZN4shop5Cache5startEvENKUlvE_clEv",
         {},
         {{F.at(Cache, "Prices[Article]"), "_ZZN4shop5Cache5startEvENKUlvE_clEv"}}});
  F.add({"inline/can", F.at(Cache, "firstHit"), "can inline shop::firstHit with cost 5 (threshold 225)",
         "_ZN4shop8firstHitEv"});
  for (unsigned I = 1; I <= 9; ++I)
    F.add({"escape/heap", F.at(Cache, "new int(" + utostr(I)), "new int escapes to heap",
           "_ZN4shop7SummaryC1Ev"});
  F.add({"escape/stackable",
         F.at(Header, "new T"),
         "new T does not escape",
         "_Z5fetchIiET_S0_",
         {},
         {},
         EntryState::None,
         "",
         3,
         12});
  F.add({"loop-vectorize/MissedDetails",
         F.at(Header, "return"),
         "loop not vectorized",
         "_Z5fetchIiET_S0_",
         {},
         {},
         EntryState::None,
         "",
         3,
         1});
  F.add({"map/no-hint",
         {Changed, 7, 3},
         "map Orders grows in a loop of known size: reserve(Count) saves 6 growths",
         "main"});
  F.add({"closure/copied-map", {Gone, 12, 9}, "parameter Orders copies a map", "_ZN4shop5printESt3mapIiiE"});
  F.add({"escape/param", F.at(Unverified, "a, int"), "a does not escape", "add"});
  Unit U;
  U.Source = "src/cache.cpp";
  U.Compiler = "clang 22.1.8";
  U.Flags = "-O2 -g";
  F.R.Units.push_back(U);
  F.R.Problems.push_back({"obj/tool.o", "no record: compiled without the plugin", true});
}

void fillHostile(Fixture &F) {
  const std::string Script = "<script>alert('x')</script>";
  uint32_t Odd = F.source("a/\"><img src=x onerror=alert(1)>&amp;#'.cpp",
                          "// </pre></li></ol><script>alert('comment')</script>\n"
                          "const char *S = \"</script><!--\"; // \xE2\x80\xAE reversed \xE2\x81\xA6\n"
                          "int \xC3\xA9t\xC3\xA9 = 1; /* \xFF\xFE not UTF-8 */ int \xF0\x9F\x98\x80x = 2;\r\n"
                          "\x01\x1b[31mcolour\x7f \0 nul\rlone return\n"
                          "<style>body{display:none}</style> &lt; &#60; javascript:alert(1)\n");
  uint32_t Case1 = F.source("case/Name.cpp", "int upper;\n");
  uint32_t Case2 = F.source("case/name.cpp", "int lower;\n");
  uint32_t Plus = F.source("case+name.cpp", "int plus;\n");
  uint32_t Parent = F.source("../../etc/passwd", "root\n");
  uint32_t Long = F.source(std::string(400, 'l') + ".cpp", "int longName;\n");
  uint32_t Slashes = F.source("javascript:alert(1)//%2e%2e/..\\x.cpp", "int slashes;\n");
  for (uint32_t File : {Odd, Case1, Case2, Plus, Parent, Long, Slashes})
    F.add({"escape/heap",
           {File, 1, 1},
           "in file " + utostr(File) + " " + Script,
           "</code>" + Script,
           {{{Odd, 2, 7}, "step " + Script + " \xE2\x80\xAE"}, {{Odd, 3, 5}, "\"onmouseover=\"alert(1)"}}});
  F.add({"map/concurrent-write",
         F.at(Odd, "t\xC3\xA9"),
         "bidi \xE2\x80\xAE\xE2\x81\xA7 \xFF\xC3 and nul-ish \x01",
         "_ZN1aI\"><b>E",
         {},
         {{{Odd, 3, 5}, "</ol>" + Script}},
         EntryState::Suppressed,
         "reason " + Script});
  F.add({"pass\"><script>alert(2)</script>/N", {Odd, 5, 1}, "unknown remark", "f<\"'&>"});
  F.add({"inline/inlined", {Odd, 5, 1}, Script, Script});
  F.add({"inline/inlined", {Odd, 900, 1}, "beyond the last line", "f"});
  F.add({"inline/inlined", {~0u, 0, 0}, "nowhere " + Script, "f"});
  F.R.Problems.push_back({"o\"><script>alert(3)</script>.o", "broken " + Script, false});
}

static std::string manyLines(unsigned Lines) {
  std::string Text;
  for (unsigned I = 1; I <= Lines; ++I) {
    switch (I % 8) {
    case 0:
      Text += "/* block " + utostr(I) + " */ struct Node" + utostr(I) + " { int Value = " + utostr(I) +
              "; const char *Name = \"n\"; };\n";
      break;
    case 1:
      Text += "// The value of line " + utostr(I) + " is kept for the next caller.\n";
      break;
    case 2:
      Text += "static int compute" + utostr(I) + "(const int *Begin, const int *End) {\n";
      break;
    case 6:
      Text += "}\n";
      break;
    case 7:
      Text += "\n";
      break;
    default:
      Text += "  if (Begin != End && table[" + utostr(I % 97) + "] > *Begin) return lookup(\"key\", " +
              utostr(I) + ");\n";
    }
  }
  return Text;
}

void fillLarge(Fixture &F, unsigned Findings, unsigned Lines) {
  F.source("big.c", manyLines(Lines));
  std::string Shared = manyLines(400);
  for (unsigned I = 1; I != 400; ++I)
    F.source("src/dir" + utostr(100 + I / 20) + "/unit" + utostr(100 + I) + ".cpp", Shared);
  static constexpr const char *Rules[] = {
      "inline/inlined",  "inline/missed", "escape/heap", "escape/param",     "inline/inlined",
      "closure/capture", "inline/missed", "inline/can",  "escape/stackable", "inline/inlined"};
  // One line with more decisions than a click may fetch.
  unsigned Crowd = 1300;
  for (unsigned I = 0; I != Crowd; ++I)
    F.add({"gvn/LoadClobbered", {0, 40, 5}, "load " + utostr(I) + " not eliminated", "crowd"});
  for (unsigned I = 0; I != Findings - Crowd; ++I) {
    bool Big = I % 3 == 0;
    uint32_t File = Big ? 0 : 1 + I % 399;
    uint32_t Line = Big ? 1 + uint64_t(I) * 7919 % Lines : 1 + I * 31 % 400;
    bool Warning = I % 997 == 0;
    std::string Name = "function" + utostr(I % 3001);
    std::string Message =
        Warning ? "map Table" + utostr(I) + " may be written by two threads without a lock"
                : "call " + utostr(I % 5003) + " of " + Name + " cost=" + utostr(I % 400) + " threshold=225";
    F.add({Warning ? "map/concurrent-write" : Rules[I % 10],
           {File, Line, 3},
           Message,
           "_Z" + utostr(Name.size()) + Name + "v",
           Warning ? std::vector<std::pair<Where, std::string>>{{{File, 1, 1}, "declared"},
                                                                {{File, Line, 3}, "written"}}
                   : std::vector<std::pair<Where, std::string>>{},
           {},
           EntryState::None,
           "",
           1 + I % 3});
  }
}

} // namespace emm::fixture
