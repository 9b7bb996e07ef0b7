//===- tools/bench/records/scan.cpp - the scanner by itself ---------------===//
//
// Decodes every remark of a file (YAML, or the bitstream of this LLVM), repeated
// ones too, and prints what llvm-remarkutil count prints, the number of remarks,
// and more to compare.
//
//===----------------------------------------------------------------------===//

#include "reports/record/BitstreamSource.h"
#include "reports/record/RemarkScanner.h"

#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace emm;

namespace {
struct Sum {
  size_t Remarks = 0, Args = 0, Damaged = 0, Bytes = 0;

  void add(const Remark &R) {
    ++Remarks;
    Args += R.Args.size();
    Bytes += R.Pass.size() + R.Name.size() + R.Function.size() + R.Loc.File.size();
    for (const RemarkArg &A : R.Args)
      Bytes += A.Key.size() + A.Value.size() + A.Loc.File.size();
  }
};
} // namespace

static void scanYaml(StringRef Text, Sum &S) {
  RemarkScanner Scanner(Text);
  Remark R;
  for (;;) {
    RemarkScanner::Result Result = Scanner.next(R);
    if (Result == RemarkScanner::Result::End)
      return;
    if (Result == RemarkScanner::Result::Damaged)
      ++S.Damaged;
    else
      S.add(R);
  }
}

static Error scanBitstream(StringRef Text, Sum &S) {
  Expected<BitstreamSource> Source = BitstreamSource::open(Text);
  if (!Source)
    return Source.takeError();
  Remark R;
  for (;;) {
    Expected<const remarks::Remark *> Next = Source->next();
    if (!Next)
      return Next.takeError();
    if (!*Next)
      return Error::success();
    BitstreamSource::decode(**Next, R);
    S.add(R);
  }
}

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
  StringRef Text = (*Buffer)->getBuffer();
  Sum S;
  if (!Text.starts_with("RMRK"))
    scanYaml(Text, S);
  else if (Error E = scanBitstream(Text, S)) {
    errs() << Argv[1] << ": " << toString(std::move(E)) << '\n';
    return 2;
  }
  outs() << S.Remarks << " remarks, " << S.Args << " arguments, " << S.Bytes << " bytes of text, " << S.Damaged << " damaged\n";
  return 0;
}
