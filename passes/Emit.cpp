//===- passes/Emit.cpp - sorting, printing and storing findings -----------===//

#include "passes/Emit.h"

#include "passes/Compat.h"
#include "reports/finding/Fingerprint.h"
#include "reports/finding/LogText.h"
#include "reports/finding/RecordKeys.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/Remarks/Remark.h"
#include "llvm/Remarks/RemarkSerializer.h"
#include "llvm/Remarks/RemarkStreamer.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/xxhash.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"

#include <set>

using namespace llvm;

namespace emm {

void settleFindings(std::vector<Finding> &Findings) {
  llvm::sort(Findings);
  std::vector<Finding> Kept;
  size_t GroupBegin = 0; // first finding in Kept with the position, rule and message of the last one
  for (Finding &F : Findings) {
    bool SameGroup = !Kept.empty() && Kept.back().Loc == F.Loc && Kept.back().R == F.R && Kept.back().Message == F.Message;
    if (!SameGroup)
      GroupBegin = Kept.size();
    bool Folded = false;
    if (SameGroup) {
      std::string Name = canonicalFunction(F.Function);
      for (size_t I = GroupBegin; I != Kept.size() && !Folded; ++I)
        if (canonicalFunction(Kept[I].Function) == Name) {
          // Copies of one function in one unit (constructor variants, instances) are instances; a repeated statement
          // about the same function is only a repetition.
          if (Kept[I].Function != F.Function)
            Kept[I].Instances += F.Instances;
          Folded = true;
        }
    }
    if (!Folded)
      Kept.push_back(std::move(F));
  }
  Findings = std::move(Kept);
  assignIds(Findings);
}

static std::string debugFlag(const Module &M) {
  for (const DICompileUnit *CU : M.debug_compile_units())
    switch (CU->getEmissionKind()) {
    case DICompileUnit::FullDebug:
      return " -g";
    case DICompileUnit::LineTablesOnly:
      return " -gline-tables-only";
    default:
      return "";
    }
  return "";
}

UnitHeader makeHeader(const Module &M, const SourceMap &Source, StringRef OptLevel, ArrayRef<Finding> Findings,
                      ArrayRef<SummaryDoc> Summaries) {
  UnitHeader H;
  H.Source = Source.source().str();
  H.Base = Source.base().str();
  H.Compiler = "clang " LLVM_VERSION_STRING;
  H.Target = compat::targetTriple(M);
  H.Flags = (OptLevel + debugFlag(M)).str();
  std::set<std::string> Names;
  for (const Finding &F : Findings) {
    Names.insert(F.Loc.File);
    for (const Step &S : F.Steps)
      Names.insert(S.Loc.File);
    for (const InlineFrame &I : F.InlineStack)
      Names.insert(I.Loc.File);
  }
  for (const SummaryDoc &D : Summaries)
    for (const SummaryDoc::Arg &A : D.Args)
      Names.insert(A.Loc.File);
  Names.erase("");
  for (const std::string &Name : Names)
    H.Files.push_back({Name, Source.digest(Name)});
  return H;
}

static bool wantsColor() {
  if (sys::Process::GetEnv("NO_COLOR"))
    return false;
  auto Force = sys::Process::GetEnv("CLICOLOR_FORCE");
  return (Force && *Force != "0") || sys::Process::StandardErrHasColors();
}

void printLog(const Options &O, ArrayRef<Finding> Findings) {
  std::string Text;
  raw_string_ostream OS(Text);
  bool Color = wantsColor();
  for (const std::string &W : O.Wrong)
    OS << "emm: warning: unknown switch '" << W << "' in EMM; known are -m, --only=FAMILY,..., --config=FILE, --off\n";
  for (const Finding &F : Findings)
    if (F.Severity >= Level::Warning && O.wants(ruleInfo(F.R).family()))
      writeClangLines(OS, F, Color);
  if (O.Verbosity) {
    std::set<std::string> Printed;
    for (const Finding &F : Findings)
      if (F.Severity == Level::Note && goVerbosity(F) <= O.Verbosity && O.wants(ruleInfo(F.R).family())) {
        std::string Block;
        raw_string_ostream BlockOS(Block);
        writeGoLines(BlockOS, F, O.Verbosity);
        if (Printed.insert(Block).second)
          OS << Block;
      }
  }
  if (!Text.empty())
    errs() << Text;
}

static remarks::Type remarkType(const Finding &F) {
  StringRef Tag = recordTag(F);
  return Tag == "Missed" ? remarks::Type::Missed : Tag == "Passed" ? remarks::Type::Passed : remarks::Type::Analysis;
}

static void addArg(remarks::Remark &R, StringRef Key, StringRef Value, const Location *Loc = nullptr) {
  R.Args.emplace_back();
  R.Args.back().Key = Key;
  R.Args.back().Val = Value;
  if (Loc && !Loc->File.empty())
    R.Args.back().Loc = remarks::RemarkLocation{Loc->File, Loc->Line, Loc->Column};
}

/// Straight to the serialiser: the functions that some findings are about are no longer in the module.
void emitRemarks(Module &M, ArrayRef<Finding> Findings) {
  remarks::RemarkStreamer *Streamer = M.getContext().getMainRemarkStreamer();
  if (!Streamer || !Streamer->matchesFilter(record::PassName))
    return;
  for (const Finding &F : Findings) {
    remarks::Remark R;
    R.RemarkType = remarkType(F);
    R.PassName = record::PassName;
    R.RemarkName = ruleInfo(F.R).Id;
    R.FunctionName = F.Function;
    if (!F.Loc.File.empty())
      R.Loc = remarks::RemarkLocation{F.Loc.File, F.Loc.Line, F.Loc.Column};
    if (F.Hotness)
      R.Hotness = F.Hotness;
    addArg(R, record::KeyMessage, F.Message);
    addArg(R, record::KeyId, F.Id);
    addArg(R, record::KeyLevel, levelName(F.Severity));
    addArg(R, record::KeySubject, F.Subject);
    std::string Instances = utostr(F.Instances);
    if (F.Instances != 1)
      addArg(R, record::KeyInstances, Instances);
    std::string Percent = F.Almost ? utostr(F.Almost->Percent) : "", Loops = F.Almost ? utostr(F.Almost->Loops) : "";
    if (F.Almost) {
      addArg(R, record::KeyAlmost, Percent);
      addArg(R, record::KeyLoops, Loops);
    }
    for (const Step &S : F.Steps)
      addArg(R, record::KeyStep, S.Message, &S.Loc);
    for (const InlineFrame &I : F.InlineStack)
      addArg(R, record::KeyInlinedAt, I.Function, &I.Loc);
    Streamer->getSerializer().emit(R);
  }
}

bool hasRecord(const Module &M) {
  for (const GlobalVariable &G : M.globals())
    if (G.getSection() == record::Section)
      return true;
  return false;
}

/// The compiler's `-o`: a build may compile one source into several objects, and each has its own record. Known on
/// systems with /proc; elsewhere such records share a file name and the last one stays.
static std::string outputName() {
  auto Buffer = MemoryBuffer::getFileAsStream("/proc/self/cmdline");
  if (!Buffer)
    return {};
  SmallVector<StringRef, 64> Args;
  (*Buffer)->getBuffer().split(Args, '\0');
  for (size_t I = 0; I + 1 < Args.size(); ++I)
    if (Args[I] == "-o")
      return Args[I + 1].str();
  return {};
}

static void writeSideFile(StringRef Directory, const UnitHeader &H, StringRef Text) {
  if (std::error_code EC = sys::fs::create_directories(Directory)) {
    errs() << ("emm: error: " + Directory + ": " + EC.message() + "\n").str();
    return;
  }
  std::string Key = H.Base + '\0' + H.Source + '\0' + outputName();
  SmallString<128> Path(Directory);
  sys::path::append(Path, sys::path::stem(H.Source) + "-" +
                              utohexstr(xxh3_64bits(arrayRefFromStringRef(Key)), /*LowerCase=*/true, 16) + ".opt.yaml");
  if (Error E = writeToOutput(Path, [&](raw_ostream &OS) {
        OS << Text;
        return Error::success();
      }))
    errs() << "emm: error: " + std::string(Path) + ": " + toString(std::move(E)) + "\n";
}

void storeRecord(Module &M, const Options &O, const UnitHeader &H, ArrayRef<SummaryDoc> Summaries,
                 ArrayRef<Finding> Findings) {
  if (!O.CopyDirectory.empty() || !O.OutDirectory.empty()) {
    std::string Text = recordText(H, Summaries, Findings);
    if (!O.CopyDirectory.empty())
      writeSideFile(O.CopyDirectory, H, Text);
    if (!O.OutDirectory.empty()) {
      writeSideFile(O.OutDirectory, H, Text);
      return;
    }
  }
  SmallVector<char, 0> Blob;
  packRecord(recordText(H, Summaries, Findings, /*WithIds=*/false), Blob);
  embedBufferInModule(M, MemoryBufferRef(StringRef(Blob.data(), Blob.size()), "emm record"), record::Section,
                      Align(record::BlobAlignment));
}

} // namespace emm
