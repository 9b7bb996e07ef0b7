//===- reports/finding/Finding.h - one judgement about the source ---------===//
//
// The vocabulary that the plugin and the report tools share. Plain strings and
// numbers: a finding outlives the module and the process that produced it.
//
// Positions are clang's: 1-based lines, 1-based byte columns; 0 means unknown.
// A file is spelled as clang would print it in a diagnostic: relative to the
// unit's base directory (the compiler's working directory) when the source was
// named relatively, absolute otherwise.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_FINDING_FINDING_H
#define EMM_REPORTS_FINDING_FINDING_H

#include "reports/finding/Rule.h"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace emm {

/// A position in source text. An empty File means that nothing is known.
struct Location {
  std::string File;
  unsigned Line = 0;   ///< 1-based, 0 = unknown
  unsigned Column = 0; ///< 1-based byte column, 0 = unknown

  bool isKnown() const { return Line != 0; }
  auto operator<=>(const Location &) const = default;
};

/// One link of the chain that explains a finding, cause first.
struct Step {
  Location Loc;
  std::string Message;

  auto operator<=>(const Step &) const = default;
};

/// One frame of the inline stack: Callee's code stands at Loc in the frame below it.
/// Ordered from the innermost call site to the outermost.
struct InlineFrame {
  Location Loc;         ///< of the call that was inlined
  std::string Function; ///< the function that contains the call, as the linker knows it

  auto operator<=>(const InlineFrame &) const = default;
};

/// A call that the inliner refused by little.
struct NearMiss {
  unsigned Percent = 0; ///< of the threshold, that were missing
  unsigned Loops = 0;   ///< around the call; 0 also when a profile says that it never ran
};

/// One judgement: what is said about which subject where, and why.
struct Finding {
  Rule R = Rule::GaveUp;
  Level Severity = Level::Note;
  Location Loc;
  std::string Function; ///< enclosing function, mangled as in the object
  std::string Subject;  ///< what it is about, in the source's words: `new int`, `m`, `f`
  std::string Message;  ///< the sentence; the wording is part of the contract
  std::string Id;       ///< 16 hexadecimal digits, see Fingerprint.h
  std::vector<Step> Steps;
  std::vector<InlineFrame> InlineStack;
  unsigned Instances = 1; ///< template instances or copies folded into this one within the unit
  uint64_t Hotness = 0;   ///< how often a profile saw it run; 0 = never, or no profile
  std::optional<NearMiss> Almost;

  /// Position, rule, message, then the rest: the order in which findings are stored and shown.
  std::strong_ordering operator<=>(const Finding &O) const {
    if (auto C = Loc <=> O.Loc; C != 0)
      return C;
    if (auto C = R <=> O.R; C != 0)
      return C;
    if (auto C = Message <=> O.Message; C != 0)
      return C;
    if (auto C = Function <=> O.Function; C != 0)
      return C;
    if (auto C = Subject <=> O.Subject; C != 0)
      return C;
    if (auto C = Steps <=> O.Steps; C != 0)
      return C;
    return InlineStack <=> O.InlineStack;
  }
  bool operator==(const Finding &O) const { return (*this <=> O) == 0; }
};

/// What is true of a whole translation unit: the head of its record.
struct UnitHeader {
  std::string Source;   ///< main file as given to the compiler
  std::string Base;     ///< absolute directory that relative paths of this unit start from
  std::string Compiler; ///< `clang 22.1.8`
  std::string Target;   ///< triple
  std::string Flags;    ///< what changes decisions: `-O2 -g`; no paths, no defines
  struct File {
    std::string Name;   ///< spelled as in locations
    std::string Digest; ///< `md5:` or `sha256:` and hexadecimal digits
    auto operator<=>(const File &) const = default;
  };
  std::vector<File> Files; ///< every file that a finding points into, sorted by name
};

} // namespace emm

#endif
