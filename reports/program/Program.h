//===- reports/program/Program.h - the summaries of all units, linked -----===//
//
// Functions and symbols of the program. A function is defined once: of several
// weak definitions of one symbol (inline functions, template instances) the
// first unit's stands for all. Of several strong ones, as of `main` in two
// programs that are read together, each unit's calls mean its own. Local symbols
// of two units are different ones, whatever their names.
//
// Documents that do not follow the grammar are counted and left out.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_PROGRAM_PROGRAM_H
#define EMM_REPORTS_PROGRAM_PROGRAM_H

#include "reports/finding/Access.h"
#include "reports/program/Places.h"
#include "reports/record/Report.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"

#include <deque>
#include <map>

namespace emm::program {

enum class LockMode : uint8_t { Read, Write };

struct Held {
  PlaceId Lock = Unknown;
  LockMode Mode = LockMode::Write;

  auto operator<=>(const Held &) const = default;
};
using LockSet = llvm::SmallVector<Held, 2>;

/// A global compared with a constant on the way to an event.
struct ModeTest {
  PlaceId Global = Unknown;
  int64_t Value = 0;
  bool Equal = false;

  bool operator==(const ModeTest &) const = default;
  bool contradicts(const ModeTest &O) const {
    return Global == O.Global && (Equal && O.Equal ? Value != O.Value : Equal != O.Equal && Value == O.Value);
  }
};
using Modes = llvm::SmallVector<ModeTest, 1>;

/// Which integer result of a call or start says that there is a thread.
enum class Tells : uint8_t { Nothing, Zero, NonZero };

/// The blocks that follow \p Block if an integer is zero, or if it is not; ~0u where both may.
struct Fork {
  uint32_t Block = 0, IfZero = ~0u, IfNonZero = ~0u;
};

/// What the integer that an event returns says of a thread that the event may start.
struct Told {
  Tells IfZero = Tells::Nothing, IfNonZero = Tells::Nothing; ///< of the function's result, where the event's says that
  Tells Always = Tells::Nothing;                             ///< where the event's says nothing
  llvm::SmallVector<Fork, 1> Forks;

  Tells answer(Tells T) const { return T == Tells::Zero ? IfZero : T == Tells::NonZero ? IfNonZero : Always; }
};

struct Event {
  enum Kind : uint8_t { Access, Call, Start, Join, Order } K = Access;
  race::AccessKind Kind = race::AccessKind::Read;
  bool Volatile = false, FromLoad = false, AfterSignal = false, AfterJoin = false, Relaxed = false;
  bool Waits = false, AtEnd = false, Several = false, AtomicWait = false, ZeroTells = false;
  bool Awaits = false, Condition = false, Wakes = false;
  uint32_t Number = 0;               ///< of a call
  uint32_t Size = 0, Count = 1;
  PlaceId Place = Unknown;           ///< what is accessed, called, started, joined, waited for
  LockSet Locks;
  Modes Tested;
  PlaceSet Handles, Fresh;
  std::vector<PlaceSet> Arguments;
  llvm::SmallVector<Position, 1> Sites; ///< the event, then the calls of library code that led to it
};

struct Block {
  bool Returns = false;
  llvm::SmallVector<uint32_t, 2> Next;
  std::vector<Event> Events;
};

struct PlaceName {
  llvm::StringRef Text;
  Position Declaration;
};

struct Function {
  llvm::StringRef Symbol;
  uint32_t Unit = 0;
  llvm::SmallVector<uint32_t, 1> Also; ///< further units with this weak definition
  Position At;
  bool Local = false, Weak = false, Constructor = false, Destructor = false;
  bool Leaves = false; ///< may jump away or end its thread
  llvm::DenseMap<uint32_t, llvm::StringRef> Params;
  llvm::DenseMap<PlaceId, PlaceName> Names;
  std::vector<std::pair<PlaceId, PlaceSet>> Data;
  llvm::SmallVector<PlaceSet, 1> Results;
  LockSet Acquires, MayAcquire;
  PlaceSet Releases, Gives;
  Modes Once; ///< tests that only the first caller passes
  std::vector<Block> Blocks;
  std::map<std::pair<uint32_t, uint32_t>, Told> ToldBy; ///< by block and index of the event

  /// No way through it returns, and some way goes round in it.
  bool runsForEver() const;
  bool isIn(uint32_t U) const { return U == Unit || llvm::is_contained(Also, U); }
};

struct Program {
  Places P;
  std::vector<Function> Functions;
  std::vector<llvm::StringRef> Symbols; ///< by id; 0 is none
  llvm::DenseMap<PlaceId, PlaceSet> FunctionPointers; ///< what code stores in globals, and what constant tables hold
  llvm::DenseMap<uint32_t, PlaceSet> FunctionsIn;     ///< the same, by root of the global
  llvm::DenseMap<PlaceId, PlaceName> GlobalNames;
  std::deque<std::string> Texts; ///< what names refer to that no record spells
  unsigned Malformed = 0;

  /// The definition that unit \p Unit means by \p Symbol, or ~0u.
  uint32_t definition(uint32_t Symbol, uint32_t Unit) const;

  std::vector<llvm::SmallVector<uint32_t, 1>> Definitions; ///< by symbol
};

/// Views point into \p R.
Program linkProgram(const Report &R);

} // namespace emm::program

#endif
