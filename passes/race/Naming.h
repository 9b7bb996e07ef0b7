//===- passes/race/Naming.h - places in the source's words ----------------===//
//
// `m`, `this->queue->items`, `stats.hits`: from a place through the types that
// debug information gives. Without it a field is `field at offset 8 of x`, and a
// variable has the fallbacks of SourceMap.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_PASSES_RACE_NAMING_H
#define EMM_PASSES_RACE_NAMING_H

#include "passes/race/Unit.h"

namespace emm::race {

struct ObjectName {
  std::string Text;      ///< `this->items`
  Location Declaration;  ///< of the innermost named thing: the field or variable; the file only when unknown
  std::string Type;      ///< source spelling, empty when unknown
  bool Inside = false;   ///< the place is within the object of the class that was asked for
};

/// Names the object at \p P. \p Whole: a container, named as such and not by its first member. An object of \p Class
/// (without template arguments) is not looked into.
ObjectName nameOf(Unit &U, PlaceId P, bool Whole, llvm::StringRef Class = "");

/// As nameOf for an access at \p Site. Of a global that is only declared here there may be no type: then the source line
/// tells the members, if it names the global once.
ObjectName nameAt(Unit &U, PlaceId P, bool Whole, const Location &Site, llvm::StringRef Class = "");

/// Calls \p Do with the offset in bytes of each member of the structure \p G, members of members in their place. Nothing for
/// what is no structure, and nothing of a library's.
void forEachMember(Unit &U, const llvm::GlobalVariable &G, llvm::function_ref<void(int64_t Offset)> Do);

/// The function's name for people.
std::string functionName(const llvm::Function &F);

} // namespace emm::race

#endif
