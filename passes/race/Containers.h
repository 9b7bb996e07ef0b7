//===- passes/race/Containers.h - fields that are one container -----------===//
//
// A container that is not a library's has fields like any class, and one call of
// it touches several: a report for each would say one thing many times. Fields
// of an instance of a class template that both sides reach through its members
// are told as the one object that they are the inside of, and where it is used.
// A single field that conflicts keeps its name.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_PASSES_RACE_CONTAINERS_H
#define EMM_PASSES_RACE_CONTAINERS_H

#include "passes/race/Conflict.h"
#include "passes/race/Unit.h"

namespace emm::race {

/// Makes the conflicts of the fields of one container conflicts of that container, seen from its users. Returns, for each
/// conflict of \p U in order, the class of the container without template arguments; empty for what stays as it is.
std::vector<std::string> foldContainers(Unit &U);

} // namespace emm::race

#endif
