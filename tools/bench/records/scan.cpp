//===- tools/bench/records/scan.cpp - the scanner by itself ---------------===//
//
// Decodes every document of a remark file, repeated ones too, and prints what
// llvm-remarkutil count prints, the number of remarks, and more to compare.
//
//===----------------------------------------------------------------------===//

#include "reports/record/RemarkScanner.h"

#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace emm;

int main(int Argc, char **Argv) {
  if (Argc != 2) {
    errs() << "usage: emm-scan FILE\n";
    return 2;
  }
  auto Buffer = MemoryBuffer::getFile(Argv[1], /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!Buffer) {
    errs() << Argv[1] << ": " << Buffer.getError().message() << '\n';
    return 2;
  }
  RemarkScanner Scanner((*Buffer)->getBuffer());
  Remark R;
  size_t Remarks = 0, Args = 0, Damaged = 0, Bytes = 0;
  for (;;) {
    RemarkScanner::Result Result = Scanner.next(R);
    if (Result == RemarkScanner::Result::End)
      break;
    if (Result == RemarkScanner::Result::Damaged) {
      ++Damaged;
      continue;
    }
    ++Remarks;
    Args += R.Args.size();
    Bytes += R.Pass.size() + R.Name.size() + R.Function.size() + R.Loc.File.size();
    for (const RemarkArg &A : R.Args)
      Bytes += A.Key.size() + A.Value.size() + A.Loc.File.size();
  }
  outs() << Remarks << " remarks, " << Args << " arguments, " << Bytes << " bytes of text, " << Damaged << " damaged\n";
  return 0;
}
