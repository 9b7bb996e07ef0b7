//===- reports/finding/RecordText.cpp - the writer of the record ----------===//

#include "reports/finding/RecordText.h"

#include "reports/finding/RecordColumns.h"
#include "reports/finding/RecordKeys.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Compression.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/Endian.h"

using namespace llvm;

namespace emm {

/// Plain scalars are limited to what no YAML reader takes for anything but a string in this place.
static bool isPlain(StringRef S) {
  if (S.empty() || !(isAlpha(S.front()) || S.front() == '_' || S.front() == '/' || S.front() == '.'))
    return false;
  if (S == "null" || S == "true" || S == "false" || S.starts_with("...") || S == "." || S.starts_with(".inf") ||
      S.starts_with(".nan") || S == "yes" || S == "no" || S == "on" || S == "off")
    return false;
  for (char C : S)
    if (!isAlnum(C) && C != '_' && C != '/' && C != '.' && C != '-' && C != '$')
      return false;
  return true;
}

static bool needsEscapes(StringRef S) {
  for (unsigned char C : S)
    if (C < 0x20 || C == 0x7f)
      return true;
  const auto *Begin = reinterpret_cast<const UTF8 *>(S.begin());
  return !isLegalUTF8String(&Begin, reinterpret_cast<const UTF8 *>(S.end()));
}

static void writeEscaped(raw_ostream &OS, StringRef S) {
  OS << '"';
  for (size_t I = 0; I != S.size();) {
    unsigned char C = S[I];
    unsigned Len = C < 0x80 ? 1 : getNumBytesForUTF8(C);
    if (Len > 1 && I + Len <= S.size() &&
        isLegalUTF8Sequence(reinterpret_cast<const UTF8 *>(S.data() + I),
                            reinterpret_cast<const UTF8 *>(S.data() + I + Len))) {
      OS << S.substr(I, Len);
      I += Len;
      continue;
    }
    ++I;
    if (C == '"' || C == '\\')
      OS << '\\' << char(C);
    else if (C == '\n')
      OS << "\\n";
    else if (C == '\t')
      OS << "\\t";
    else if (C >= 0x80)
      OS << "\xEF\xBF\xBD"; // not UTF-8: the replacement character, as every reader would show it
    else if (C < 0x20 || C == 0x7f)
      OS << "\\x" << hexdigit(C >> 4) << hexdigit(C & 15);
    else
      OS << char(C);
  }
  OS << '"';
}

void writeScalar(raw_ostream &OS, StringRef S) {
  if (isPlain(S)) {
    OS << S;
    return;
  }
  if (needsEscapes(S)) {
    writeEscaped(OS, S);
    return;
  }
  OS << '\'';
  for (size_t Quote; (Quote = S.find('\'')) != StringRef::npos; S = S.substr(Quote + 1))
    OS << S.take_front(Quote) << "''";
  OS << S << '\'';
}

static void writeLocation(raw_ostream &OS, const Location &L) {
  OS << "{ File: ";
  writeScalar(OS, L.File);
  OS << ", Line: " << L.Line << ", Column: " << L.Column << " }\n";
}

static void writeArg(raw_ostream &OS, StringRef Key, StringRef Value, const Location *Loc = nullptr) {
  OS << "  - " << Key << ": ";
  writeScalar(OS, Value);
  OS << '\n';
  if (Loc && !Loc->File.empty()) {
    OS << "    DebugLoc: ";
    writeLocation(OS, *Loc);
  }
}

static void beginDocument(raw_ostream &OS, StringRef Tag, StringRef Name, const Location *Loc,
                          StringRef Function, uint64_t Hotness = 0) {
  OS << "--- !" << Tag << "\nPass: " << record::PassName << "\nName: ";
  writeScalar(OS, Name);
  if (Loc && !Loc->File.empty()) {
    OS << "\nDebugLoc: ";
    writeLocation(OS, *Loc);
    OS << "Function: ";
  } else {
    OS << "\nFunction: ";
  }
  writeScalar(OS, Function);
  if (Hotness)
    OS << "\nHotness: " << Hotness;
  OS << "\nArgs:\n";
}

void writeHeader(raw_ostream &OS, const UnitHeader &H) {
  beginDocument(OS, "Analysis", record::HeaderName, nullptr, record::HeaderFunction);
  writeArg(OS, record::KeyVersion, utostr(record::Version));
  writeArg(OS, record::KeySource, H.Source);
  writeArg(OS, record::KeyBase, H.Base);
  writeArg(OS, record::KeyCompiler, H.Compiler);
  writeArg(OS, record::KeyTarget, H.Target);
  writeArg(OS, record::KeyFlags, H.Flags);
  for (const UnitHeader::File &F : H.Files) {
    writeArg(OS, record::KeyFile, F.Name);
    writeArg(OS, record::KeyDigest, F.Digest);
  }
  OS << "...\n";
}

void writeSummary(raw_ostream &OS, const SummaryDoc &S) {
  beginDocument(OS, "Analysis", record::SummaryPrefix + S.Kind, nullptr, S.Function);
  for (const SummaryDoc::Arg &A : S.Args)
    writeArg(OS, A.Key, A.Value, &A.Loc);
  OS << "...\n";
}

StringRef recordTag(const Finding &F) {
  if (F.Severity >= Level::Warning || F.R == Rule::EscapeHeap || F.R == Rule::InlineMissed)
    return "Missed";
  if (F.R == Rule::EscapeStackable || F.R == Rule::InlineCan || F.R == Rule::InlineInlined)
    return "Passed";
  return "Analysis";
}

void writeFinding(raw_ostream &OS, const Finding &F, bool WithId) {
  beginDocument(OS, recordTag(F), ruleInfo(F.R).Id, &F.Loc, F.Function, F.Hotness);
  writeArg(OS, record::KeyMessage, F.Message);
  if (WithId)
    writeArg(OS, record::KeyId, F.Id);
  writeArg(OS, record::KeyLevel, levelName(F.Severity));
  writeArg(OS, record::KeySubject, F.Subject);
  if (F.Instances != 1)
    writeArg(OS, record::KeyInstances, utostr(F.Instances));
  if (F.Almost) {
    writeArg(OS, record::KeyAlmost, utostr(F.Almost->Percent));
    writeArg(OS, record::KeyLoops, utostr(F.Almost->Loops));
  }
  for (const Step &S : F.Steps)
    writeArg(OS, record::KeyStep, S.Message, &S.Loc);
  for (const InlineFrame &I : F.InlineStack)
    writeArg(OS, record::KeyInlinedAt, I.Function, &I.Loc);
  OS << "...\n";
}

std::string recordText(const UnitHeader &H, ArrayRef<SummaryDoc> Summaries, ArrayRef<Finding> Findings, bool WithIds) {
  std::string Text;
  raw_string_ostream OS(Text);
  writeHeader(OS, H);
  for (const SummaryDoc &S : Summaries)
    writeSummary(OS, S);
  for (const Finding &F : Findings)
    writeFinding(OS, F, WithIds);
  return Text;
}

void packRecord(StringRef Text, SmallVectorImpl<char> &Blob) {
  std::optional<std::string> Columns = toColumns(Text);
  StringRef Contents = Columns ? StringRef(*Columns) : Text;
  SmallVector<uint8_t, 0> Compressed;
  compression::zstd::compress(arrayRefFromStringRef(Contents), Compressed, /*Level=*/6);
  Blob.assign(record::BlobHeaderSize, 0);
  memcpy(Blob.data(), Columns ? record::ColumnsMagic : record::TextMagic, 4);
  support::endian::write64le(Blob.data() + 8, Compressed.size());
  support::endian::write64le(Blob.data() + 16, Contents.size());
  Blob.append(Compressed.begin(), Compressed.end());
  Blob.append(alignTo(Blob.size(), record::BlobAlignment) - Blob.size(), 0);
}

} // namespace emm
