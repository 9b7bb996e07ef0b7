//===- test/unit/corpus_test.cpp - what compilers really write ------------===//
//
// Compiles programs with clang's -fsave-optimization-record and compares scanner
// and yaml-cpp document by document.
//
//===----------------------------------------------------------------------===//

#include "test/unit/Documents.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"

#include <gtest/gtest.h>

using namespace llvm;
using namespace emm;

namespace {

struct Tally {
  size_t Documents = 0, Fast = 0, Quoted = 0, Wrapped = 0;
};

/// Compares every document, or every Nth of a large file.
Tally compareAll(StringRef Text) {
  constexpr size_t Affordable = 2500;
  size_t Step = Text.count("\n--- !") / Affordable + 1;
  Tally T;
  RemarkScanner Scanner(Text);
  EXPECT_FALSE(Scanner.leadingJunk());
  Remark R;
  while (Scanner.advance()) {
    if (T.Documents++ % Step != 0) {
      T.Fast += Scanner.scanFast(R);
      continue;
    }
    StringRef Document = Scanner.document();
    bool Fast = Scanner.scanFast(R);
    T.Fast += Fast;
    T.Quoted += Document.contains("''");
    T.Wrapped += Document.contains(", \n ");
    std::string Read = Scanner.decode(R) == RemarkScanner::Result::Remark ? shown(R) : "damaged";
    EXPECT_EQ(Read, judged(Document)) << Document.str();
    if (testing::Test::HasFailure())
      break;
  }
  return T;
}

/// The remarks of compiling \p Source; fails the test if the compiler does.
std::unique_ptr<MemoryBuffer> remarksOf(StringRef Source, StringRef Name) {
  SmallString<128> Dir;
  EXPECT_FALSE(sys::fs::createUniqueDirectory("emm-corpus", Dir));
  // A folder name that needs quotes, and a long one, so that locations wrap.
  std::string Folder = (Dir + "/it's a folder with a long name for locations that wrap").str();
  EXPECT_FALSE(sys::fs::create_directory(Folder));
  std::string File = Folder + "/" + Name.str(), Remarks = (Dir + "/out.yaml").str();
  {
    std::error_code EC;
    raw_fd_ostream OS(File, EC);
    OS << Source;
  }
  std::string RecordFile = "-foptimization-record-file=" + Remarks, Object = (Dir + "/out.o").str();
  StringRef Args[] = {EMM_TEST_CLANGXX, "-std=c++17", "-O2", "-fsave-optimization-record", RecordFile, "-c", File, "-o", Object};
  EXPECT_EQ(sys::ExecuteAndWait(EMM_TEST_CLANGXX, Args), 0);
  auto Buffer = MemoryBuffer::getFile(Remarks);
  sys::fs::remove_directories(Dir);
  EXPECT_TRUE(bool(Buffer));
  return Buffer ? std::move(*Buffer) : nullptr;
}

TEST(Corpus, TemplatesOfTheStandardLibrary) {
  auto Text = remarksOf("#include <map>\n#include <regex>\n#include <string>\n"
                        "std::map<std::string, std::string> Pairs(const std::string &S) {\n"
                        "  std::map<std::string, std::string> M; static const std::regex R(\"(\\\\w+)=(\\\\w+)\");\n"
                        "  for (std::sregex_iterator I(S.begin(), S.end(), R), E; I != E; ++I) M[(*I)[1]] = (*I)[2];\n"
                        "  return M;\n}\n",
                        "pairs.cpp");
  ASSERT_TRUE(Text);
  Tally T = compareAll(Text->getBuffer());
  EXPECT_GT(T.Documents, 1000u);
  EXPECT_GT(T.Quoted, 0u);
  EXPECT_GT(T.Wrapped, 0u);
  // The scanner is worth having only if what compilers write never needs the general path.
  EXPECT_EQ(T.Fast, T.Documents);
}

TEST(Corpus, NamesOutsideAscii) {
  auto Text = remarksOf("static int größe(int x) { return x * 3; }\nint f(int *a, int n) { int s = 0;\n"
                        "  for (int i = 0; i < n; ++i) s += größe(a[i]);\n  return s; }\n",
                        "ü\"q\".cpp");
  ASSERT_TRUE(Text);
  Tally T = compareAll(Text->getBuffer());
  EXPECT_GT(T.Documents, 5u);
  EXPECT_EQ(T.Fast, T.Documents);
}

} // namespace
