//===- reports/html/Document.cpp - head, policy, landmarks ----------------===//

#include "reports/html/Document.h"

#include "reports/assets/Assets.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Base64.h"
#include "llvm/Support/SHA256.h"

using namespace llvm;

namespace emm {

StringRef styleSheet() { return {assets::ReportCss, assets::ReportCssSize}; }
StringRef script() { return {assets::ReportJs, assets::ReportJsSize}; }

/// `'self'` is what a web server needs, `file:` what some browsers need on disk. Trusted Types leave one door
/// in report.js through which markup and script addresses pass.
static constexpr char DirectoryPolicy[] =
    "default-src 'none'; script-src 'self' file:; style-src 'self' file:; img-src data:; base-uri 'none'; "
    "form-action 'none'; require-trusted-types-for 'script'; trusted-types emm";

static std::string hashSource(StringRef S) {
  return "'sha256-" + encodeBase64(SHA256::hash(arrayRefFromStringRef(S))) + "'";
}

static std::string singlePolicy() {
  return "default-src 'none'; script-src " + hashSource(script()) + "; style-src " +
         hashSource(styleSheet()) +
         "; img-src data:; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; "
         "trusted-types emm";
}

/// An icon, so that a browser does not ask a server for favicon.ico: the letter m under an arc.
static constexpr char Icon[] =
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' "
    "height='16' "
    "rx='3' fill='%23234d70'/%3E%3Cpath d='M3 12V7q0-2 2-2t2.500 2v5m0-5q0-2 2.500-2t2.500 2v5' fill='none' "
    "stroke='white' stroke-width='1.800'/%3E%3C/svg%3E";

static void head(std::string &Out, const Links &L, const PageParts &P, bool Single) {
  Markup M;
  M.literal("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
  M.empty("meta", {{"http-equiv", "Content-Security-Policy"},
                   {"content", Single ? singlePolicy() : DirectoryPolicy}});
  M.literal("\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
            "<meta name=\"referrer\" content=\"no-referrer\">\n"
            "<meta name=\"color-scheme\" content=\"light dark\">\n");
  M.element("title", P.Title).literal("\n");
  Out += M.take();
  Out += "<link rel=\"icon\" href=\"";
  Out += Icon;
  Out += "\">\n";
  if (Single) {
    Out += "<style>";
    Out += styleSheet();
    Out += "</style>\n<script>";
    Out += script();
    Out += "</script>\n";
    return;
  }
  Markup A;
  A.empty("link", {{"rel", "stylesheet"}, {"href", L.asset("report.css")}}).literal("\n");
  A.open("script", {{"src", L.asset("report.js")}}).close().literal("\n");
  Out += A.take();
}

static void body(std::string &Out, const PageParts &P, bool Single) {
  Markup M;
  M.literal("</head>\n");
  M.open("body", {{"id", "top"}, {"data-page", P.Kind}, {"data-single", Single ? "1" : "0"}});
  M.literal("\n<a class=\"skip\" href=\"#main\">Skip to the content</a>\n<header>\n");
  M.append(P.Header);
  M.literal("\n</header>\n<main id=\"main\" tabindex=\"-1\">\n");
  M.append(P.Main);
  M.literal("\n</main>\n<footer><p>Written by emm. <span class=\"js\">Press <kbd>?</kbd> for the "
            "keys.</span></p></footer>\n");
  M.close();
  Out += M.take();
}

std::string document(const Links &L, const PageParts &P) {
  std::string Out;
  head(Out, L, P, false);
  body(Out, P, false);
  Out += "\n</html>\n";
  return Out;
}

std::string singleDocument(const Links &L, const PageParts &P, ArrayRef<Shard> Shards) {
  std::string Out;
  head(Out, L, P, true);
  body(Out, P, true);
  // Data blocks are not executed, so the policy does not concern them; base64 cannot end the element.
  for (const Shard &S : Shards)
    Out += "\n<script type=\"text/plain\" id=\"shard-" + S.Name + "\">" + S.Base64 + "</script>";
  Out += "\n</html>\n";
  return Out;
}

} // namespace emm
