//===- reports/program/Places.h - symbolic addresses of several units -----===//
//
// The places of the units' summaries (reports/finding/ProgramKeys.h), interned
// for one program: a root and a path of offsets with a load between each two.
// Global variables and functions are the same root in every unit; parameters are
// known by their number alone, in the words of whichever function is looked at.
// Id 0 is the unknown place. Paths are cut at MaxLoads loads.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_PROGRAM_PLACES_H
#define EMM_REPORTS_PROGRAM_PLACES_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"

#include <cstdint>
#include <map>
#include <vector>

namespace emm::program {

using PlaceId = uint32_t;
inline constexpr PlaceId Unknown = 0;
using PlaceSet = llvm::SmallVector<PlaceId, 2>; ///< sorted; the unknown place in it means "and others"

enum class RootKind : uint8_t { Unknown, Global, Function, Param, Local, Heap, Result, Copy };

struct Root {
  RootKind Kind = RootKind::Unknown;
  uint32_t Of = 0;    ///< symbol, number of the parameter, or the function that a local, object, result or copy is of
  uint32_t Index = 0; ///< of a local, object, result or copy; for an object seen through calls: the inner root
  uint32_t Via = 0;   ///< for such an object: 1 + the call's number in the function Of

  auto operator<=>(const Root &) const = default;
};

struct Offset {
  int32_t Bytes = 0;
  bool Any = false; ///< plus an unknown multiple

  auto operator<=>(const Offset &) const = default;
};

class Places {
public:
  static constexpr unsigned MaxLoads = 5, MaxSet = 4;

  Places() : Roots(1), All(1) {}

  uint32_t root(const Root &R);
  PlaceId make(uint32_t Root, llvm::ArrayRef<Offset> Path);
  PlaceId make(uint32_t Root) { return make(Root, Offset()); }
  PlaceId advance(PlaceId P, int64_t Bytes, bool Any);
  PlaceId load(PlaceId P);
  /// \p Base with the path of \p P behind it: what P is when its root is the object at Base.
  PlaceId rebase(PlaceId P, PlaceId Base);
  PlaceId rootPlace(PlaceId P) { return P ? make(All[P].R) : P; }

  uint32_t rootId(PlaceId P) const { return All[P].R; }
  const Root &rootOf(PlaceId P) const { return Roots[All[P].R]; }
  const Root &rootAt(uint32_t Id) const { return Roots[Id]; }
  llvm::ArrayRef<Offset> path(PlaceId P) const { return All[P].Path; }

  bool hasAny(PlaceId P) const;
  bool mayMatch(PlaceId A, PlaceId B) const;
  /// The same object, or bytes of one that overlap; \p Whole: objects that are known by where they begin.
  bool overlap(PlaceId A, uint32_t SizeA, PlaceId B, uint32_t SizeB, bool Whole) const;

  void insert(PlaceSet &S, PlaceId P) const;
  void insert(PlaceSet &S, const PlaceSet &More) const {
    for (PlaceId P : More)
      insert(S, P);
  }
  /// A set that grew too large is unknown.
  void limit(PlaceSet &S) const {
    if (S.size() > MaxSet)
      S.assign(1, Unknown);
  }

private:
  struct Place {
    uint32_t R = 0;
    llvm::SmallVector<Offset, 3> Path;
  };
  std::vector<Root> Roots;
  std::vector<Place> All;
  std::map<Root, uint32_t> RootIds;
  std::map<std::pair<uint32_t, std::vector<Offset>>, PlaceId> Ids;
};

} // namespace emm::program

#endif
