//===- reports/finding/Fingerprint.h - identity of a finding --------------===//
//
// A finding keeps its id when lines shift, when directories move and when costs
// change: the id is a hash of the rule, the base name of the file, the function
// (demangled, template arguments erased, lambdas named by their enclosing
// function) and the subject, with an ordinal that tells apart several findings
// that agree in all of these. Ordinals follow the position in the source, so
// findings must be complete for the unit and sorted before they get ids.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_FINDING_FINGERPRINT_H
#define EMM_REPORTS_FINDING_FINGERPRINT_H

#include "reports/finding/Finding.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"

namespace emm {

/// The name of \p Mangled for people and identity: `ns::Class::method` without parameters or template arguments;
/// `outer()::'lambda'` for a lambda, without its number. A name that is not mangled is returned as it is.
std::string canonicalFunction(llvm::StringRef Mangled);

/// The full demangled form, or the name itself.
std::string demangledFunction(llvm::StringRef Mangled);

/// Type names as people write them: `std::string` for the instance of basic_string that it is, no inline namespaces, no
/// default allocators.
std::string shortType(llvm::StringRef Name);

/// Removes balanced `<...>` groups and inline-namespace and ABI decorations (`::__1`, `::__cxx11`, `[abi:...]`).
/// `operator<`, `operator->`, `operator<=>` and shifts survive.
std::string eraseTemplateArguments(llvm::StringRef Name);

/// Gives ids to the findings of one unit, in their order.
class IdSequence {
public:
  /// \p Function is mangled. The result is 16 hexadecimal digits.
  std::string next(llvm::StringRef RuleId, const Location &Loc, llvm::StringRef Function, llvm::StringRef Subject);

private:
  struct Seen {
    unsigned Ordinal = 0;
    Location Last;
  };
  llvm::StringMap<Seen> Counts;
  llvm::StringMap<std::string> Canonical;
};

/// Sets Id of every finding. \p Findings must be sorted. Findings at one position with one rule, function (without
/// template arguments) and subject share an id: they are instances of one another.
void assignIds(llvm::MutableArrayRef<Finding> Findings);

} // namespace emm

#endif
