//===- test/browser/lexer-dump.cpp - tokens of a file, one a line ---------===//
//
//   emm-lexer-dump FILE c|c++
//
// Prints `KIND OFFSET LENGTH` for each token that is no punctuation; the oracle
// test compares with what clang's raw lexer says of the same bytes.
//
//===----------------------------------------------------------------------===//

#include "reports/source/Lexer.h"

#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

static const char *kindName(emm::TokenKind K) {
  switch (K) {
  case emm::TokenKind::Identifier:
    return "identifier";
  case emm::TokenKind::Number:
    return "number";
  case emm::TokenKind::String:
    return "string";
  case emm::TokenKind::Character:
    return "character";
  case emm::TokenKind::Comment:
    return "comment";
  case emm::TokenKind::Hash:
  case emm::TokenKind::Punctuation:
  case emm::TokenKind::End:
    break;
  }
  return nullptr;
}

int main(int Argc, char **Argv) {
  if (Argc != 3)
    return 2;
  ErrorOr<std::unique_ptr<MemoryBuffer>> Buffer = MemoryBuffer::getFile(Argv[1]);
  if (!Buffer)
    return 1;
  emm::Lexer L((*Buffer)->getBuffer(), StringRef(Argv[2]) == "c++");
  for (emm::Token T = L.next(); T.Kind != emm::TokenKind::End; T = L.next())
    if (const char *Name = kindName(T.Kind))
      outs() << Name << ' ' << T.Begin << ' ' << T.End - T.Begin << '\n';
}
