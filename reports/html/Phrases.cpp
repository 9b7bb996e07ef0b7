//===- reports/html/Phrases.cpp - the phrases of FindingRow ---------------===//

#include "reports/html/Phrases.h"

#include <array>
#include <cassert>

using namespace llvm;

namespace emm {

/// Each begins a tag. Those with the same second character stand together, longer ones first.
static constexpr StringLiteral Phrases[] = {
    "</a></li><li><span class=\"w\">",
    "</a></li></ol><p class=\"meta\">",
    "</a></p></div></details>",
    "</a> <span>in <code title=\"",
    "</code></span> <a class=\"id\" title=\"Link to this finding\" href=\"#F",
    "</code></span> <span>in <code title=\"",
    "</span></summary><div class=\"b\"><ol class=\"steps\"><li><span class=\"w\">",
    "</span></summary><div class=\"b\"><p class=\"meta\">",
    "</span> <a class=\"at\" href=\"#L",
    "</span> <span class=\"r\">",
    "</span> <span class=\"n\">",
    "<a class=\"help\" href=\"../rules.html#",
    "<details class=\"f note escape\" id=\"F",
    "<details class=\"f note inline\" id=\"F",
    "<details class=\"f note other\" id=\"F",
    "<summary><span class=\"lv\"><span class=\"ic\" aria-hidden=\"true\">\u25CB</span>note</span> <span class=\"m\">",
    "<span>remark <code>",
};
static_assert(std::size(Phrases) <= 26, "one letter each");

static constexpr char Mark = 0x7F;

/// Where the phrases with each second character begin and end.
static constexpr auto Groups = [] {
  std::array<std::pair<uint8_t, uint8_t>, 128> G{};
  for (size_t I = 0; I != std::size(Phrases); ++I) {
    auto &[Begin, End] = G[uint8_t(Phrases[I].data()[1])];
    if (End == 0)
      Begin = I;
    End = I + 1;
  }
  return G;
}();

ArrayRef<StringLiteral> phrases() { return Phrases; }

std::string abbreviate(StringRef Markup) {
  assert(!Markup.contains(Mark));
  std::string Out;
  Out.reserve(Markup.size() / 2);
  for (size_t At; (At = Markup.find('<')) != StringRef::npos;) {
    Out.append(Markup.data(), At);
    Markup = Markup.drop_front(At);
    size_t Length = 1;
    char Letter = 0;
    if (Markup.size() > 1 && static_cast<unsigned char>(Markup[1]) < Groups.size()) {
      auto [Begin, End] = Groups[Markup[1]];
      for (unsigned I = Begin; I != End && !Letter; ++I)
        if (Markup.starts_with(Phrases[I])) {
          Letter = char('A' + I);
          Length = Phrases[I].size();
        }
    }
    if (Letter) {
      Out += Mark;
      Out += Letter;
    } else {
      Out += '<';
    }
    Markup = Markup.drop_front(Length);
  }
  Out.append(Markup.data(), Markup.size());
  return Out;
}

} // namespace emm
