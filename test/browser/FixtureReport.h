//===- test/browser/FixtureReport.h - a report and its sources in memory ----===//

#ifndef EMM_TEST_BROWSER_FIXTUREREPORT_H
#define EMM_TEST_BROWSER_FIXTUREREPORT_H

#include "reports/html/Html.h"

#include "llvm/ADT/StringMap.h"

#include <string>
#include <utility>
#include <vector>

namespace emm::fixture {

struct Where {
  uint32_t File, Line, Column;
};

/// What a test says of one finding; strings are copied into the report.
struct Draft {
  std::string Rule;
  Where At;
  std::string Message;
  std::string Function = {};
  std::vector<std::pair<Where, std::string>> Steps = {};
  std::vector<std::pair<Where, std::string>> Stack = {};
  EntryState State = EntryState::None;
  std::string Reason = {};
  uint32_t Units = 1, Instances = 1;
};

struct Fixture final : FileProvider {
  Report R;

  /// Adds a source. \p Digest: `same` (that of the text), `changed`, or empty for none.
  uint32_t source(llvm::StringRef Name, std::string Text, llvm::StringRef Digest = "same");

  /// Adds a source that cannot be read.
  uint32_t missing(llvm::StringRef Name);

  void add(const Draft &D);

  /// The position of the \p Nth occurrence of \p Word in a source: tests name words, not numbers.
  Where at(uint32_t File, llvm::StringRef Word, unsigned Nth = 1) const;

  /// Sorts as Report promises.
  void finish();

  llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>> read(llvm::StringRef Path) const override;

private:
  llvm::StringRef keep(llvm::StringRef S) { return llvm::StringSaver(*R.Arena).save(S); }
  llvm::StringMap<std::string> Texts;
};

void fillSmall(Fixture &F);
void fillHostile(Fixture &F);

/// \p Findings over 400 files; the first has \p Lines lines and its share of the findings.
void fillLarge(Fixture &F, unsigned Findings, unsigned Lines);

} // namespace emm::fixture

#endif
