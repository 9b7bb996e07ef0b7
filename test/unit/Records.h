//===- test/unit/Records.h - records written for tests --------------------===//

#ifndef EMM_TEST_UNIT_RECORDS_H
#define EMM_TEST_UNIT_RECORDS_H

#include "reports/finding/Fingerprint.h"
#include "reports/finding/RecordText.h"
#include "reports/record/Reader.h"
#include "reports/text/Log.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace emm {

/// A folder that goes away with the test.
class Folder {
public:
  Folder() { EXPECT_FALSE(llvm::sys::fs::createUniqueDirectory("emm-unit", Path)); }
  ~Folder() { llvm::sys::fs::remove_directories(Path); }
  std::string write(const llvm::Twine &Name, llvm::StringRef Text) const {
    std::string File = (Path + "/" + Name).str();
    size_t Slash = File.rfind('/');
    EXPECT_FALSE(llvm::sys::fs::create_directories(llvm::StringRef(File).take_front(Slash)));
    std::error_code EC;
    llvm::raw_fd_ostream OS(File, EC);
    OS << Text;
    return File;
  }
  std::string path() const { return std::string(Path); }

private:
  llvm::SmallString<128> Path;
};

inline Finding finding(Rule R, llvm::StringRef File, unsigned Line, llvm::StringRef Function, llvm::StringRef Message,
                       llvm::StringRef Subject = "x") {
  Finding F;
  F.R = R;
  F.Severity = ruleInfo(R).DefaultLevel;
  F.Loc = {File.str(), Line, 1};
  F.Function = Function.str();
  F.Subject = Subject.str();
  F.Message = Message.str();
  return F;
}

inline std::string recordOf(llvm::StringRef Source, llvm::StringRef Base, std::vector<Finding> Findings) {
  std::sort(Findings.begin(), Findings.end());
  assignIds(Findings);
  UnitHeader H;
  H.Source = Source.str();
  H.Base = Base.str();
  H.Compiler = "clang 22.1.8";
  H.Target = "x86_64-pc-linux-gnu";
  H.Flags = "-O2 -g";
  return recordText(H, {}, Findings);
}

inline Report readAll(const std::vector<std::string> &Inputs, const ReadOptions &O = {}) {
  llvm::Expected<Report> R = readReport(Inputs, O);
  if (!R) {
    ADD_FAILURE() << llvm::toString(R.takeError());
    return {};
  }
  return std::move(*R);
}

/// Everything a reader of the report sees, as text.
inline std::string shownReport(const Report &R) {
  std::string Text;
  llvm::raw_string_ostream OS(Text);
  std::vector<uint32_t> All;
  for (uint32_t I = 0; I != R.Entries.size(); ++I)
    All.push_back(I);
  writeJsonLines(OS, R, All);
  for (const SourceFile &F : R.Files)
    OS << F.Name << ' ' << F.Digest << ' ' << F.DigestConflict << '\n';
  for (const InputProblem &P : R.Problems)
    OS << P.Message << ' ' << P.Incomplete << '\n';
  OS << R.Units.size() << '\n';
  return Text;
}

} // namespace emm

#endif
