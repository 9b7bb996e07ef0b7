//===- test/unit/fuzz/reader_fuzzer.cpp - any bytes for the readers -------===//
//
// The first byte chooses: remark text, the contents of an object's section, or
// a record's columns. Text that can be set out in columns must come back.
// Text: every document goes to the scanner and to yaml-cpp, which must agree
// where both accept; then the whole text goes through the reader. Nothing may
// crash, and what was read is valid UTF-8.
//
//===----------------------------------------------------------------------===//

#include "reports/finding/RecordColumns.h"
#include "reports/record/Facts.h"
#include "reports/record/ObjectRecord.h"
#include "test/unit/Documents.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

#include <cstdlib>

using namespace llvm;
using namespace emm;

/// Text that YAML does not allow raw: the scanner passes it on as it is, yaml-cpp does as it likes.
static bool isOutsideYaml(StringRef Document) {
  return !json::isUTF8(Document) ||
         any_of(Document, [](unsigned char C) { return (C < 0x20 && C != '\n' && C != '\r' && C != '\t') || C == 0x7f; });
}

/// Where the judge errs: of several empty lines before the closing quote yaml-cpp 0.7 keeps one, YAML 1.2 (6.5) all.
static bool endsInEmptyLines(StringRef Document) {
  for (size_t Quote = Document.find_first_of("'\""); Quote != StringRef::npos; Quote = Document.find_first_of("'\"", Quote + 1)) {
    StringRef Before = Document.take_front(Quote);
    if (Before.drop_front(Before.rtrim(" \t\r\n").size()).count('\n') > 2)
      return true;
  }
  return false;
}

static void compareReaders(StringRef Text) {
  RemarkScanner Scanner(Text);
  Remark R;
  while (Scanner.advance()) {
    StringRef Document = Scanner.document();
    if (!Scanner.scanFast(R) || isOutsideYaml(Document) || endsInEmptyLines(Document))
      continue;
    std::string Fast = shown(R), Judge = judged(Document);
    if (Fast == Judge)
      continue;
    errs() << "the readers differ on:\n" << Document << "\nscanner: " << Fast << "\nyaml-cpp: " << Judge << '\n';
    std::abort();
  }
}

static void checkText(StringRef S) {
  if (!json::isUTF8(S))
    std::abort();
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size) {
  if (Size == 0)
    return 0;
  StringRef Text(reinterpret_cast<const char *>(Data) + 1, Size - 1);
  if ((Data[0] & 3) == 3) {
    if (Expected<std::string> Joined = fromColumns(Text, 1 << 20); !Joined)
      consumeError(Joined.takeError());
    if (std::optional<std::string> Columns = toColumns(Text))
      if (cantFail(fromColumns(*Columns, Text.size())) != Text)
        std::abort();
    return 0;
  }
  if (Data[0] & 1) {
    if (Expected<std::vector<std::string>> Texts = unpackRecords(Text); !Texts)
      consumeError(Texts.takeError());
    return 0;
  }
  compareReaders(Text);
  InputFacts Facts;
  Facts.Input = "fuzz.opt.yaml";
  readRemarkYaml(Text, Facts, /*KeepSummaries=*/true);
  for (const UnitFacts &U : Facts.Units)
    for (const Entry &E : U.Entries) {
      checkText(E.Message);
      checkText(E.Function);
      for (const EntryStep &S : E.Steps)
        checkText(S.Message);
    }
  return 0;
}
