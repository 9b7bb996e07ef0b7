//===- passes/race/Place.h - symbolic addresses ---------------------------===//
//
// A place is an address: a root and a path. The path is a list of byte offsets
// with a load between each two, so `&this->queue->head` is (this, [8, 16]) when
// `queue` stands at offset 8. An offset may carry the mark "plus an unknown
// multiple" (array element, element of a container): such places are equal when
// their constant parts are, which says "some element", never "the same one".
//
// Places are interned: an id is valid for one analysis of one module, id 0 is
// the unknown place. Paths are cut at MaxLoads loads: beyond that all is unknown.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_PASSES_RACE_PLACE_H
#define EMM_PASSES_RACE_PLACE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/Value.h"

#include <cstdint>
#include <vector>

namespace emm::race {

using PlaceId = uint32_t;
using RootId = uint32_t;

inline constexpr PlaceId UnknownPlace = 0;

enum class RootKind : uint8_t {
  Unknown,
  Global,   ///< a global variable
  Function, ///< a function: its address
  Local,    ///< an alloca
  Heap,     ///< what one call allocates or returns; fresh for each execution of the call
  Param,    ///< what a parameter holds at entry
  Copy,     ///< a new thread's own copy of what it was handed
};

struct Root {
  RootKind Kind = RootKind::Unknown;
  const llvm::Value *V = nullptr; ///< the global, function, alloca, call, argument; for Copy the spawning call
  uint32_t Extra = 0;             ///< Copy: number of the argument; Heap seen through a call: the inner root
  const llvm::Value *Via = nullptr; ///< Heap of a callee: the call in this function that led there
};

/// An offset; Any marks "plus an unknown multiple".
struct Offset {
  int32_t Bytes = 0;
  bool Any = false;

  bool operator==(const Offset &O) const { return Bytes == O.Bytes && Any == O.Any; }
  bool operator<(const Offset &O) const { return Bytes != O.Bytes ? Bytes < O.Bytes : Any < O.Any; }
};

struct Place {
  Place() = default;
  Place(const Place &) = default;
  Place(Place &&) noexcept = default; // or the table would copy when it grows
  Place &operator=(const Place &) = default;
  Place &operator=(Place &&) noexcept = default;

  RootId R = 0;
  uint32_t Prefix = 0; ///< the place before the last load; the root, marked, when there is none
  llvm::SmallVector<Offset, 3> Path; ///< never empty, except for the unknown place
};

/// The places a value may hold, sorted. The unknown place in it means "and others".
using PlaceSet = llvm::SmallVector<PlaceId, 2>;

class PlaceTable {
public:
  static constexpr unsigned MaxLoads = 5;
  static constexpr unsigned MaxSet = 4;

  PlaceTable();

  RootId root(const Root &R);
  const Root &root(RootId Id) const { return Roots[Id]; }
  const Root &rootOf(PlaceId P) const { return Roots[Places[P].R]; }
  const Place &place(PlaceId P) const { return Places[P]; }

  PlaceId make(RootId R, llvm::ArrayRef<Offset> Path);
  PlaceId make(RootId R) { return make(R, Offset()); }
  /// The address \p Bytes further on; \p Any: by an unknown multiple.
  PlaceId advance(PlaceId P, int64_t Bytes, bool Any);
  /// What a load of \p P yields when nothing better is known.
  PlaceId load(PlaceId P);
  /// Storage that the container at \p P owns.
  PlaceId element(PlaceId P) { return advance(load(P), 0, true); }
  /// The place \p P with its offsets after the first dropped: the object itself.
  PlaceId rootPlace(PlaceId P) { return P ? make(Places[P].R) : P; }

  bool hasAny(PlaceId P) const;
  /// Equal, or equal but for "some element" against a particular one.
  bool mayMatch(PlaceId A, PlaceId B) const;

  void insert(PlaceSet &S, PlaceId P) const;
  void insert(PlaceSet &S, const PlaceSet &More) const;
  /// Replaces a set that grew too large by one place with an unknown offset, or the unknown place.
  void limit(PlaceSet &S);

private:
  PlaceId child(uint32_t Prefix, RootId R, Offset Last);

  std::vector<Root> Roots;
  std::vector<Place> Places;
  /// Kind and number, value, call.
  llvm::DenseMap<std::pair<uint64_t, std::pair<const llvm::Value *, const llvm::Value *>>, RootId> RootIds;
  llvm::DenseMap<std::pair<uint32_t, uint64_t>, PlaceId> PlaceIds; ///< by prefix and last offset
};

} // namespace emm::race

#endif
