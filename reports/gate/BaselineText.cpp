//===- reports/gate/BaselineText.cpp - the file's rows --------------------===//

#include "reports/gate/Baseline.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MemoryBuffer.h"

#include <tuple>

using namespace llvm;

namespace emm {

static constexpr StringLiteral FirstLine = "# emm baseline 1";
static constexpr StringLiteral BuildPrefix = "# built with: ";

static void writeField(raw_ostream &OS, StringRef Text) {
  for (unsigned char C : Text) {
    if (C == '\\')
      OS << "\\\\";
    else if (C == '\t')
      OS << "\\t";
    else if (C == '\n')
      OS << "\\n";
    else if (C < 0x20 || C == 0x7f)
      OS << "\\x" << hexdigit(C >> 4) << hexdigit(C & 15);
    else
      OS << char(C);
  }
}

/// False when a backslash starts nothing that writeField writes.
static bool readField(StringRef Field, std::string &Out) {
  Out.clear();
  for (size_t I = 0; I != Field.size(); ++I) {
    if (Field[I] != '\\') {
      Out += Field[I];
      continue;
    }
    if (++I == Field.size())
      return false;
    unsigned Value;
    if (Field[I] == '\\')
      Out += '\\';
    else if (Field[I] == 't')
      Out += '\t';
    else if (Field[I] == 'n')
      Out += '\n';
    else if (Field[I] == 'x' && I + 2 < Field.size() && !Field.substr(I + 1, 2).getAsInteger(16, Value)) {
      Out += char(Value);
      I += 2;
    } else
      return false;
  }
  return true;
}

void writeBaseline(raw_ostream &OS, const Baseline &B) {
  OS << FirstLine << '\n';
  for (const std::string &Build : B.Builds) {
    OS << BuildPrefix;
    writeField(OS, Build);
    OS << '\n';
  }
  for (const BaselineRow &Row : B.Rows) {
    for (StringRef Field : {StringRef(Row.Path), StringRef(Row.Rule), StringRef(Row.Id)}) {
      writeField(OS, Field);
      OS << '\t';
    }
    OS << Row.Count << '\t';
    writeField(OS, Row.Function);
    OS << '\t';
    writeField(OS, Row.Message);
    OS << '\n';
  }
}

Expected<Baseline> parseBaseline(StringRef Text, StringRef File) {
  Baseline B;
  unsigned LineNumber = 0;
  auto Bad = [&](const char *Why) {
    return createStringError(inconvertibleErrorCode(), "%s:%u: %s", File.str().c_str(), LineNumber, Why);
  };
  while (!Text.empty()) {
    StringRef Line;
    std::tie(Line, Text) = Text.split('\n');
    Line.consume_back("\r");
    if (++LineNumber == 1) {
      if (Line == FirstLine)
        continue;
      return Bad(Line.starts_with("# emm baseline ") ? "a baseline of a later version of emm"
                                                     : "not a baseline of emm (`# emm baseline 1` expected)");
    }
    if (Line.starts_with("<<<<<<<") || Line.starts_with(">>>>>>>") || Line.starts_with("======="))
      return Bad("a merge conflict is not resolved");
    if (Line.consume_front(BuildPrefix)) {
      std::string Build;
      if (!readField(Line, Build))
        return Bad("bad escape");
      B.Builds.push_back(std::move(Build));
      continue;
    }
    if (Line.empty() || Line.starts_with("#"))
      continue;
    SmallVector<StringRef, 8> Fields;
    Line.split(Fields, '\t');
    if (Fields.size() != 6)
      return Bad("six fields separated by tabs expected: path, rule, id, count, function, message");
    BaselineRow Row;
    if (!readField(Fields[0], Row.Path) || !readField(Fields[1], Row.Rule) || !readField(Fields[2], Row.Id) ||
        !readField(Fields[4], Row.Function) || !readField(Fields[5], Row.Message))
      return Bad("bad escape");
    if (Fields[3].getAsInteger(10, Row.Count) || Row.Count == 0)
      return Bad("the count must be a number above zero");
    B.Rows.push_back(std::move(Row));
  }
  if (LineNumber == 0) {
    LineNumber = 1;
    return Bad("not a baseline of emm (`# emm baseline 1` expected)");
  }
  llvm::sort(B.Builds);
  B.Builds.erase(llvm::unique(B.Builds), B.Builds.end());
  return B;
}

Expected<Baseline> readBaseline(StringRef File) {
  auto Buffer = MemoryBuffer::getFile(File);
  if (!Buffer)
    return createStringError(Buffer.getError(), "%s: %s", File.str().c_str(), Buffer.getError().message().c_str());
  return parseBaseline((*Buffer)->getBuffer(), File);
}

} // namespace emm
