//===- reports/html/Markup.cpp - elements, attributes, addresses ----------===//

#include "reports/html/Markup.h"

#include "reports/html/Escape.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <cassert>

using namespace llvm;

namespace emm {

Url Url::relative(StringRef Path, StringRef Fragment) {
  assert(!Path.starts_with("/") && "an address of a report stays within it");
  Url U;
  percentEncode(U.Text, Path, "/+=,");
  if (!Fragment.empty()) {
    U.Text += '#';
    percentEncode(U.Text, Fragment, "/=&,:");
  }
  return U;
}

[[maybe_unused]] static bool takesUrl(StringRef Name) { return Name == "href" || Name == "src"; }

static void writeTag(std::string &Out, Literal Tag, Markup::Attributes A) {
  Out += '<';
  Out += Tag.str();
  for (const Attribute &X : A) {
    assert(takesUrl(X.Name.str()) == X.IsUrl && "addresses are of type Url");
    assert(!X.Name.str().starts_with("on") && X.Name.str() != "style" && "the policy forbids it");
    Out += ' ';
    Out += X.Name.str();
    if (!X.HasValue)
      continue;
    Out += "=\"";
    escapeHtml(Out, X.Value, Visible::Plain);
    Out += '"';
  }
  Out += '>';
}

Markup &Markup::open(Literal Tag, Attributes A) {
  writeTag(Out, Tag, A);
  Stack.push_back(Tag.str());
  return *this;
}

Markup &Markup::close() {
  assert(!Stack.empty());
  Out += "</";
  Out += Stack.pop_back_val();
  Out += '>';
  return *this;
}

Markup &Markup::empty(Literal Tag, Attributes A) {
  writeTag(Out, Tag, A);
  return *this;
}

Markup &Markup::text(StringRef S) {
  escapeHtml(Out, S, Visible::Marked);
  return *this;
}

Markup &Markup::item(StringRef Id) {
  assert(all_of(Id, [](char C) { return isAlnum(C) || C == '.'; }));
  Out += "<li id=";
  Out += Id;
  Out += '>';
  return *this;
}

Markup &Markup::number(uint64_t N) {
  Out += grouped(N);
  return *this;
}

Markup &Markup::literal(Literal S) {
  Out += S.str();
  return *this;
}

Markup &Markup::append(const Markup &M) {
  Out += M.str();
  return *this;
}

const std::string &Markup::str() const {
  assert(Stack.empty() && "unbalanced markup");
  return Out;
}

std::string Markup::take() {
  assert(Stack.empty() && "unbalanced markup");
  return std::move(Out);
}

std::string grouped(uint64_t N) {
  std::string S = std::to_string(N);
  for (size_t I = S.size(); I > 3;)
    S.insert(I -= 3, ",");
  return S;
}

std::string counted(uint64_t N, StringRef Singular, StringRef Plural) {
  return grouped(N) + " " + (N == 1 ? Singular : Plural).str();
}

} // namespace emm
