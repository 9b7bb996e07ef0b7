//===- reports/html/Markup.h - HTML that escapes by type ------------------===//
//
// The only way to make HTML in this project. Element and attribute names are
// constants of the program (a run-time string does not compile); whatever else
// goes in is text and is escaped for the place it stands in. Addresses are of
// type Url, which can only be made relative, so no `javascript:` can come out.
//
// Text is shown as it is, with these exceptions: invalid UTF-8 becomes U+FFFD,
// and characters that change how others are read (control characters, the
// bidirectional ones above all, zero-width space) become a visible `[U+202E]`.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_HTML_MARKUP_H
#define EMM_REPORTS_HTML_MARKUP_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

#include <initializer_list>
#include <string>

namespace emm {

/// A name or text that stands in the program's source.
class Literal {
public:
  template <size_t N> consteval Literal(const char (&S)[N]) : Data(S), Size(N - 1) {}
  llvm::StringRef str() const { return {Data, Size}; }

private:
  const char *Data;
  size_t Size;
};

/// A relative address: path segments and a fragment, percent-encoded where needed.
class Url {
public:
  /// \p Path is relative, `/` separated; \p Fragment without `#`, may be empty.
  static Url relative(llvm::StringRef Path, llvm::StringRef Fragment = {});
  static Url fragment(llvm::StringRef Fragment) { return relative({}, Fragment); }
  llvm::StringRef str() const { return Text; }

private:
  std::string Text;
};

struct Attribute {
  Attribute(Literal Name, llvm::StringRef Value) : Name(Name), Value(Value) {}
  Attribute(Literal Name, const std::string &Value) : Name(Name), Value(Value) {}
  Attribute(Literal Name, const char *Value) : Name(Name), Value(Value) {}
  Attribute(Literal Name, uint64_t Value) : Name(Name), Value(std::to_string(Value)) {}
  Attribute(Literal Name, const Url &Value) : Name(Name), Value(Value.str()), IsUrl(true) {}
  Attribute(Literal Name) : Name(Name), HasValue(false) {}

  Literal Name;
  std::string Value;
  bool HasValue = true;
  bool IsUrl = false;
};

/// Grows a piece of HTML. Every open() has its close(); an unbalanced piece is a bug and asserts.
class Markup {
public:
  using Attributes = std::initializer_list<Attribute>;

  Markup &open(Literal Tag, Attributes A = {});
  Markup &close();
  Markup &empty(Literal Tag, Attributes A = {}); ///< an element without content or end tag
  Markup &text(llvm::StringRef S);
  /// `<li id=ID>` without an end tag, which HTML does not need: the lines of a source are most of a page. \p
  /// Id holds letters, digits and dots only.
  Markup &item(llvm::StringRef Id);
  Markup &number(uint64_t N);      ///< with thousands separators: `27,476`
  Markup &literal(Literal S);      ///< verbatim; may hold entities and tags
  Markup &append(const Markup &M); ///< a finished piece

  /// open(), text(), close().
  Markup &element(Literal Tag, llvm::StringRef Content) { return element(Tag, {}, Content); }
  Markup &element(Literal Tag, Attributes A, llvm::StringRef Content) {
    return open(Tag, A).text(Content).close();
  }

  const std::string &str() const;
  std::string take();
  size_t size() const { return Out.size(); }
  bool empty() const { return Out.empty(); }

private:
  std::string Out;
  llvm::SmallVector<llvm::StringRef, 16> Stack;
};

/// `1234567` as `1,234,567`, whatever the locale.
std::string grouped(uint64_t N);

/// `1 warning`, `3 warnings`.
std::string counted(uint64_t N, llvm::StringRef Singular, llvm::StringRef Plural);

} // namespace emm

#endif
