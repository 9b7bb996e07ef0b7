//===- passes/model/SourceLines.cpp - one line of one file ----------------===//

#include "passes/model/SourceLines.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"

using namespace llvm;

namespace emm {

const SourceLines::File &SourceLines::open(StringRef Path) {
  auto [It, New] = Files.try_emplace(Path);
  File &F = It->second;
  // A pipe or a device could block; what is no regular file has no lines to show.
  if (!New || !sys::fs::is_regular_file(Path))
    return F;
  if (auto Buffer = MemoryBuffer::getFile(Path, /*IsText=*/false, /*RequiresNullTerminator=*/false)) {
    F.Text = std::move(*Buffer);
    StringRef Text = F.Text->getBuffer();
    F.Begins.push_back(0);
    for (size_t At = 0; (At = Text.find('\n', At)) != StringRef::npos;)
      F.Begins.push_back(++At);
  }
  return F;
}

static bool isWordChar(char C) { return isAlnum(C) || C == '_' || C == '$' || static_cast<unsigned char>(C) >= 0x80; }

/// The line without a trailing `//` comment, which may well name what it is about.
static StringRef code(StringRef Line) {
  char Quote = 0;
  for (size_t I = 0; I + 1 < Line.size(); ++I) {
    char C = Line[I];
    if (Quote && C == '\\')
      ++I;
    else if (Quote)
      Quote = C == Quote ? 0 : Quote;
    else if (C == '"' || (C == '\'' && (I == 0 || !isAlnum(Line[I - 1])))) // a digit separator opens nothing
      Quote = C;
    else if (C == '/' && Line[I + 1] == '/')
      return Line.take_front(I);
  }
  return Line;
}

StringRef SourceLines::code(StringRef Path, unsigned Line) {
  const File &F = open(Path);
  if (!F.Text || !Line || Line > F.Begins.size())
    return "";
  return emm::code(F.Text->getBuffer().drop_front(F.Begins[Line - 1]).split('\n').first);
}

std::string SourceLines::membersAfter(StringRef Path, unsigned Line, StringRef Name) {
  unsigned Column = columnOf(Path, Line, Name);
  if (!Column)
    return "";
  StringRef Text = code(Path, Line).drop_front(Column - 1 + Name.size()), Rest = Text;
  while (Rest.consume_front(".") || Rest.consume_front("->")) {
    StringRef Member = Rest.take_while(isWordChar);
    if (Member.empty())
      return "";
    Rest = Rest.drop_front(Member.size());
  }
  return Text.drop_back(Rest.size()).str();
}

unsigned SourceLines::columnOf(StringRef Path, unsigned Line, StringRef Name) {
  if (!Line || Name.empty())
    return 0;
  StringRef Text = code(Path, Line);
  unsigned Found = 0;
  bool Word = isWordChar(Name.front());
  for (size_t At = 0; (At = Text.find(Name, At)) != StringRef::npos; At += Name.size()) {
    bool Whole = !Word || ((At == 0 || !isWordChar(Text[At - 1])) &&
                           (At + Name.size() == Text.size() || !isWordChar(Text[At + Name.size()])));
    if (!Whole)
      continue;
    if (Found)
      return 0;
    Found = At + 1;
  }
  return Found;
}

} // namespace emm
