//===- test/unit/Documents.h - remark documents in tests ------------------===//

#ifndef EMM_TEST_UNIT_DOCUMENTS_H
#define EMM_TEST_UNIT_DOCUMENTS_H

#include "reports/record/GeneralYaml.h"
#include "reports/record/RemarkScanner.h"

#include "llvm/ADT/Twine.h"

#include <ostream>
#include <string>

namespace emm {

/// Both readings of one document, as text that shows every field.
inline std::string shown(const Remark &R) {
  auto Place = [](const RemarkLocation &L) {
    return (llvm::Twine("<") + L.File + "|" + llvm::Twine(L.Line) + "|" + llvm::Twine(L.Column) + ">").str();
  };
  std::string Out = "!";
  Out += R.Tag.str() + " pass<" + R.Pass.str() + "> name<" + R.Name.str() + "> at" + Place(R.Loc) +
                    " in<" + R.Function.str() + "> hot" + std::to_string(R.Hotness);
  for (const RemarkArg &A : R.Args)
    Out.append("\n  ").append(A.Key.str() + "=<" + A.Value.str() + ">" + Place(A.Loc));
  return Out;
}

/// What yaml-cpp reads, or `damaged`.
inline std::string judged(llvm::StringRef Document) {
  Remark R;
  llvm::BumpPtrAllocator Strings;
  std::string Why;
  return decodeGeneralYaml(Document, R, Strings, Why) ? shown(R) : "damaged";
}

/// A document around the text of one argument's value, as it stands after `String: `.
inline std::string documentWith(llvm::StringRef Value) {
  return "--- !Missed\nPass:            p\nName:            N\nFunction:        f\nArgs:\n  - String:          " +
         Value.str() + "\n  - After:           x\n...\n";
}

} // namespace emm

#endif
