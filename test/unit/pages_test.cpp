//===- test/unit/pages_test.cpp - escaping, names, reading of sources -----===//

#include "reports/html/Escape.h"
#include "reports/html/Markup.h"
#include "reports/html/PageNames.h"
#include "reports/source/Highlight.h"
#include "reports/source/SourceText.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include "gtest/gtest.h"

#include <sys/stat.h>
#include <unistd.h>

using namespace llvm;
using namespace emm;

namespace {

TEST(Escape, markupIsText) {
  Markup M;
  M.open("a", {{"title", "\"'<>&"}}).text("<b>\"'&</b>").close();
  EXPECT_EQ(M.str(), "<a title=\"&quot;&#39;&lt;&gt;&amp;\">&lt;b&gt;\"'&amp;&lt;/b&gt;</a>");
}

TEST(Escape, invalidUtf8BecomesReplacementCharacters) {
  EXPECT_EQ(displayText("a\xFF"
                        "b"),
            "a\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(displayText("\xE2\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD");                 // cut off
  EXPECT_EQ(displayText("\xC0\xAF"), "\xEF\xBF\xBD\xEF\xBF\xBD");                 // overlong
  EXPECT_EQ(displayText("\xED\xA0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"); // a surrogate
  EXPECT_EQ(displayText("\xF0\x9F\x98\x80"), "\xF0\x9F\x98\x80");
}

TEST(Escape, charactersThatMisleadAreSeen) {
  EXPECT_EQ(displayText("\xE2\x80\xAE"), "[U+202E]");
  EXPECT_EQ(displayText("\xE2\x81\xA6\xE2\x81\xA9"), "[U+2066][U+2069]");
  EXPECT_EQ(displayText(StringRef("\0\x1b", 2)), "[U+0000][U+001B]");
  EXPECT_EQ(displayText("\xC2\x85"), "[U+0085]");
  EXPECT_EQ(displayText("\t\n"), "\t\n");
  EXPECT_EQ(displayText("\xF3\xA0\x81\x81"), "[U+E0041]");
}

TEST(Escape, unitsAreThoseOfTheShownText) {
  EXPECT_EQ(displayUnits("\xC3\xA9x", 2), 1u);
  EXPECT_EQ(displayUnits("\xF0\x9F\x98\x80x", 4), 2u);
  EXPECT_EQ(displayUnits("\x01x", 1), 8u);
}

TEST(Url, staysWithinTheReport) {
  EXPECT_EQ(Url::relative("f/a+b=3a.html", "L10").str(), "f/a+b=3a.html#L10");
  EXPECT_EQ(Url::relative("a b%\"'<.html").str(), "a%20b%25%22%27%3C.html");
  EXPECT_EQ(Url::relative("javascript:alert(1)").str(), "javascript%3Aalert%281%29");
  EXPECT_EQ(Url::fragment("map/nil-write").str(), "#map/nil-write");
}

TEST(PageNames, areInjectiveAndPortable) {
  std::string Long(300, 'x');
  std::string Long2 = "y" + Long;
  std::vector<std::string> N =
      pageNames({"a/b.c", "a+b.c", "a=2bb.c", "A/b.c", "../x", Long, Long2, "a/./b.c"});
  StringSet<> Folded;
  for (const std::string &S : N) {
    EXPECT_TRUE(Folded.insert(StringRef(S).lower()).second) << S;
    EXPECT_LT(S.size(), 220u);
    EXPECT_EQ(S.find('/'), std::string::npos);
    EXPECT_NE(S.front(), '.');
  }
  EXPECT_EQ(pageNames({"src/map.cpp"}).front(), "src+map.cpp.html");
}

TEST(SourceText, linesAreClangs) {
  SourceText T(MemoryBuffer::getMemBuffer("a\r\nb\rc\n\nd", "", false));
  ASSERT_EQ(T.lineCount(), 5u);
  EXPECT_EQ(T.line(1), "a");
  EXPECT_EQ(T.line(2), "b");
  EXPECT_EQ(T.line(3), "c");
  EXPECT_EQ(T.line(4), "");
  EXPECT_EQ(T.line(5), "d");
  EXPECT_EQ(SourceText(MemoryBuffer::getMemBuffer("", "", false)).lineCount(), 0u);
}

TEST(SourceText, digestsTellAChangedFile) {
  SourceText T(MemoryBuffer::getMemBuffer("abc", "", false));
  EXPECT_EQ(T.freshness("md5:900150983cd24fb0d6963f7d28e17f72"), Freshness::Same);
  EXPECT_EQ(T.freshness("md5:900150983CD24FB0D6963F7D28E17F72"), Freshness::Same);
  EXPECT_EQ(T.freshness("md5:900150983cd24fb0d6963f7d28e17f73"), Freshness::Changed);
  EXPECT_EQ(T.freshness("sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            Freshness::Same);
  EXPECT_EQ(T.freshness(""), Freshness::Unknown);
  EXPECT_EQ(T.freshness("crc:1"), Freshness::Unknown);
}

TEST(Highlight, contextualKeywords) {
  auto Words = [](StringRef Text) {
    std::string S;
    for (const PaintSpan &P : highlight(Text, true))
      if (P.Class == Paint::Keyword)
        S += Text.slice(P.Begin, P.End).str() + " ";
    return S;
  };
  EXPECT_EQ(Words("int override = final;"), "int ");
  EXPECT_EQ(Words("void f() const override;"), "void const override ");
  EXPECT_EQ(Words("struct A final : B {}"), "struct final ");
  EXPECT_EQ(Words("x.final(override)"), "");
}

/// A directory tree with a root and things outside it.
class DiskFilesTest : public testing::Test {
protected:
  SmallString<128> Base;

  void SetUp() override {
    ASSERT_FALSE(sys::fs::createUniqueDirectory("emm-disk", Base));
    for (const char *D : {"root", "root/sub", "rooted", "outside"})
      ASSERT_FALSE(sys::fs::create_directory(at(D)));
    write("root/a.c", "inside");
    write("root/sub/b.c", "below");
    write("rooted/c.c", "beside");
    write("outside/secret", "secret");
    write("root/large.c", std::string(100, 'x'));
    ASSERT_EQ(symlink(at("outside/secret").c_str(), at("root/link.c").c_str()), 0);
    ASSERT_EQ(symlink(at("outside").c_str(), at("root/linked").c_str()), 0);
    ASSERT_EQ(symlink(at("root/a.c").c_str(), at("outside/in.c").c_str()), 0);
    ASSERT_EQ(mkfifo(at("root/fifo").c_str(), 0600), 0);
  }
  void TearDown() override { sys::fs::remove_directories(Base); }

  std::string at(StringRef Name) const { return (Base + "/" + Name).str(); }
  void write(StringRef Name, StringRef Text) {
    std::error_code EC;
    raw_fd_ostream OS(at(Name), EC);
    OS << Text;
  }
  std::string read(StringRef Name, std::vector<std::string> Roots) const {
    DiskFiles Files(Roots, 50);
    Expected<std::unique_ptr<MemoryBuffer>> B = Files.read(Name.starts_with("/") ? Name.str() : at(Name));
    return B ? (*B)->getBuffer().str() : "! " + toString(B.takeError());
  }
};

TEST_F(DiskFilesTest, onlyBelowTheRoots) {
  EXPECT_EQ(read("root/a.c", {at("root")}), "inside");
  EXPECT_EQ(read("root/sub/b.c", {at("root/")}), "below");
  EXPECT_EQ(read("root/sub/../a.c", {at("root")}), "inside");
  EXPECT_EQ(read("rooted/c.c", {at("root")}), "! outside the source roots");
  EXPECT_EQ(read("root/../outside/secret", {at("root")}), "! outside the source roots");
  EXPECT_EQ(read("/etc/passwd", {at("root")}), "! outside the source roots");
  EXPECT_EQ(read("root/a.c", {}), "! outside the source roots");
  EXPECT_EQ(read("root/a.c", {at("nowhere"), ""}), "! outside the source roots");
  EXPECT_EQ(read("root/none.c", {at("root")}), "! not found");
}

TEST_F(DiskFilesTest, linksDoNotLeadOut) {
  EXPECT_EQ(read("root/link.c", {at("root")}), "! outside the source roots");
  EXPECT_EQ(read("root/linked/secret", {at("root")}), "! outside the source roots");
  EXPECT_EQ(read("outside/in.c", {at("root")}), "inside");
}

TEST_F(DiskFilesTest, onlyRegularFilesWithinTheCap) {
  EXPECT_EQ(read("root/fifo", {at("root")}), "! not a regular file");
  EXPECT_EQ(read("root/sub", {at("root")}), "! not a regular file");
  EXPECT_EQ(read("/dev/zero", {"/"}), "! not a regular file");
  EXPECT_EQ(read("root/large.c", {at("root")}), "! larger than the limit");
}

} // namespace
