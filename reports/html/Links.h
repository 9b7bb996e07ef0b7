//===- reports/html/Links.h - addresses as seen from one page -------------===//
//
// The same target has another address from index.html, from f/NAME.html and
// inside a single file, where the line anchors of source number N start `fN.`.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_HTML_LINKS_H
#define EMM_REPORTS_HTML_LINKS_H

#include "reports/html/Catalogue.h"
#include "reports/html/Markup.h"

namespace emm {

class Links {
public:
  enum class Place { Root, Source, Single };

  /// \p Here is the file whose page the addresses stand on, if Place is Source.
  Links(const Catalogue &C, Place P, uint32_t Here = ~0u) : C(C), P(P), Here(Here) {}

  Url index() const { return P == Place::Single ? Url::fragment("top") : at("index.html"); }
  Url rule(llvm::StringRef Id) const { return P == Place::Single ? Url::fragment(Id) : at("rules.html", Id); }
  Url rules() const { return P == Place::Single ? Url::fragment("rules") : at("rules.html"); }
  Url asset(llvm::StringRef Name) const { return at(Name); }

  /// The page of a source; its top.
  Url file(uint32_t File) const {
    return target(File, P == Place::Single ? prefix(File) + "top" : std::string());
  }
  /// A line; line 0 is the top.
  Url line(uint32_t File, uint32_t Line) const {
    return Line ? target(File, prefix(File) + "L" + std::to_string(Line)) : file(File);
  }
  /// The row of a finding.
  Url finding(const Entry &E) const {
    return E.Pos.hasFile() ? target(E.Pos.File, "F" + E.Id.str()) : index();
  }

  /// What the ids of line anchors in \p File start with.
  std::string prefix(uint32_t File) const {
    return P == Place::Single ? "f" + std::to_string(File) + "." : "";
  }

  Place place() const { return P; }
  uint32_t here() const { return Here; }

private:
  Url at(llvm::StringRef Path, llvm::StringRef Fragment = {}) const {
    return Url::relative(P == Place::Source ? "../" + Path.str() : Path.str(), Fragment);
  }
  Url target(uint32_t File, llvm::StringRef Fragment) const {
    if (P == Place::Single || (P == Place::Source && File == Here && !Fragment.empty()))
      return Url::fragment(Fragment);
    return Url::relative(P == Place::Source ? C.Pages[File] : "f/" + C.Pages[File], Fragment);
  }

  const Catalogue &C;
  Place P;
  uint32_t Here;
};

} // namespace emm

#endif
