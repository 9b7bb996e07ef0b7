//===- passes/escape/EscapeGraph.h - who may point to whom, and why -------===//
//
// The graph of one function (or one call-graph component). A node stands for a
// set of pointer values: an SSA value, the contents of an object at an offset,
// the result of the function, everything that outlives it. An object is
// storage: a variable in the frame, an allocation, what a parameter points to
// after a number of loads, a closure's identity.
//
//   p = &x        node(p) holds the target (x, 0)
//   p = q + 8     copy edge q -> p with an offset
//   p = *q        for each target of q: copy edge contents(target) -> p
//   *p = q        for each target of p: copy edge q -> contents(target)
//
// The solver propagates targets along edges until nothing changes. Each fact
// (node, target) remembers the fact it came from and why, so an answer can be
// explained step by step; recording costs two words.
//
// Invariants
//  1. Facts only grow; every fact but an origin has a parent that is older, so
//     chains end.
//  2. Heap is the one object for memory outside the function's control. Its
//     contents are Heap: reading unknown memory gives unknown pointers.
//  3. An object whose address is in a sink (Heap's contents, the result, memory
//     reached from a parameter) is reachable from there, and so is all that its
//     contents point to.
//
// What a parameter points to is told apart by the offset of the first load; what
// was there when the function began is kept beside what the function writes. Two
// ways from parameters to the same memory are not joined here: the caller, who
// knows both, joins them when it applies the summary.
//
// Limits: offsets beyond MaxFields of one object, sets beyond MaxTargets of one
// node and loads beyond MaxDepth from a parameter are merged: less precise,
// never unsound, and gaveUp() says that it happened to a set.
//
// After Go's cmd/compile/internal/escape (graph, minimal dereference counts,
// replayed explanations) and Andersen's inclusion constraints.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_PASSES_ESCAPE_ESCAPEGRAPH_H
#define EMM_PASSES_ESCAPE_ESCAPEGRAPH_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/Value.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace emm {

using ObjectId = uint32_t;
using NodeId = uint32_t;
inline constexpr uint32_t None = ~0u;

/// An offset that is not a known constant: any part of the object.
inline constexpr int64_t AnyOffset = std::numeric_limits<int64_t>::min();

enum class ObjectKind : uint8_t {
  Heap,        ///< everything outside the function's control
  Frame,       ///< an alloca, or an argument passed by value in memory
  Allocation,  ///< storage that a call in this function returned
  ParamMemory, ///< what parameter Param points to after Depth further loads, the first of them at At
  Closure,     ///< the identity of a lambda, held by each copy of its object
  Constant,    ///< constant data whose initialiser is known (a vtable)
  Code,        ///< a function
  CallResult,  ///< whatever the function at call site Label returns, which only the caller knows
};

struct Object {
  ObjectKind Kind = ObjectKind::Heap;
  uint8_t Depth = 0;
  uint32_t Param = 0;
  int64_t At = AnyOffset;
  const llvm::Value *V = nullptr; ///< alloca, argument, call, global or function
  uint32_t Label = 0;             ///< meaning is the builder's: which of several allocations of one call
  llvm::SmallVector<std::pair<int64_t, NodeId>, 2> Fields;
  NodeId Whole = None; ///< contents at AnyOffset
  bool Returned = false; ///< Frame: the storage of a result returned in memory, all of whose contents are in the result
  bool Entered = false; ///< CallResult: something is read or written through it
  llvm::SmallVector<std::pair<int64_t, NodeId>, 1> Initial; ///< ParamMemory: what is there before the function writes
  struct Reader {
    NodeId To;
    uint32_t Why;
  };
  llvm::SmallVector<Reader, 1> Readers; ///< nodes that read the object at AnyOffset
  struct Copier {
    ObjectId To;
    int64_t Delta; ///< AnyOffset: everything lands in the whole
    uint32_t Why;
    int64_t Move = 0; ///< the offset of the edges: 0, or one that stands for an element of Moves
  };
  llvm::SmallVector<Copier, 1> Copiers; ///< objects that this one was copied into
};

struct Target {
  ObjectId Obj;
  int64_t Offset;
  bool operator==(const Target &O) const { return Obj == O.Obj && Offset == O.Offset; }
};

struct Fact {
  Target T;
  NodeId FromNode;   ///< None for an origin
  uint32_t FromFact; ///< index in the node it came from
  uint32_t Why;      ///< index of a WhyNote
  uint32_t Id = None; ///< the target's number, the graph's
};

/// A set of numbers that takes room only for what is in it.
class NumberSet {
public:
  bool empty() const { return !Count; }
  size_t size() const { return Count; }
  bool contains(uint32_t N) const {
    if (!Count)
      return false;
    for (size_t At = start(N); Slots[At] != None; At = (At + 1) & (Slots.size() - 1))
      if (Slots[At] == N)
        return true;
    return false;
  }
  void insert(uint32_t N);

private:
  size_t start(uint32_t N) const { return (N * 0x9E3779B1u) >> Shift; }

  llvm::SmallVector<uint32_t, 0> Slots; ///< a power of two, at least half of them None
  uint32_t Count = 0;
  uint8_t Shift = 0;
};

/// Why an edge exists. The word is Go's where Go has one; Text is what stands before it.
struct WhyNote {
  const char *Word = "";
  const llvm::Value *At = nullptr; ///< instruction or argument whose position it is
  std::string Text;                ///< expression in the source's words; may be empty
  uint32_t Detail = 0;             ///< the builder's: index of a callee's reason, 0 = none
  bool May = false;                ///< the flow need not happen whenever the statement runs
  bool Inside = false;             ///< a library's object points into itself, as a string does at its inner buffer
};

class EscapeGraph {
public:
  /// Gives up sets beyond \p Targets, of fewer than MaxTargets.
  void limitTargets(unsigned Targets) { Limit = Targets; }

  static constexpr unsigned MaxFields = 24, MaxTargets = 96, MaxDepth = 3;

  EscapeGraph();

  /// Room for so many nodes.
  void reserve(size_t Count) { Nodes.reserve(Count); }
  ObjectId addObject(ObjectKind K, const llvm::Value *V, uint32_t Label = 0);
  /// What parameter \p Param points to after \p Depth loads (capped at MaxDepth), the first at offset \p At.
  ObjectId paramMemory(uint32_t Param, unsigned Depth, const llvm::Value *V, int64_t At = AnyOffset);
  NodeId addNode();
  uint32_t addWhy(WhyNote N);

  void addOrigin(NodeId N, Target T, uint32_t Why) { addFact(N, {T, None, 0, Why}); }
  void addCopy(NodeId To, NodeId From, int64_t Offset, uint32_t Why);
  void addLoad(NodeId To, NodeId Address, uint32_t Why);
  void addStore(NodeId Address, NodeId From, uint32_t Why);
  /// *To = *From, the whole object. \p Moved: pointers of the object into itself lead into the copy.
  void addMemoryCopy(NodeId ToAddress, NodeId FromAddress, uint32_t Why, bool Moved = false);

  void solve();

  llvm::ArrayRef<Fact> facts(NodeId N) const { return Nodes[N].Facts; }
  const Object &object(ObjectId O) const { return Objects[O]; }
  unsigned objectCount() const { return Objects.size(); }
  void setLabel(ObjectId O, uint32_t Label) { Objects[O].Label = Label; }
  void setReturned(ObjectId O) { Objects[O].Returned = true; }
  /// The object whose contents \p N is, or None.
  ObjectId owner(NodeId N) const { return Nodes[N].Owner; }
  const WhyNote &why(uint32_t W) const { return Whys[W]; }
  /// The node that holds the contents of \p O at \p Offset.
  NodeId contents(ObjectId O, int64_t Offset);

  ObjectId heap() const { return 0; }
  NodeId heapContents() const { return HeapContents; }
  NodeId result() const { return Result; }
  /// What is reachable from the result by loads from objects of this function.
  NodeId behindResult() const { return BehindResult; }
  /// What is written into memory reached from parameters.
  struct Stored {
    uint32_t Param;
    unsigned Depth;
    int64_t At; ///< Depth 0: where in what the parameter points to; else the offset of the first load
    NodeId N;
  };
  /// By parameter, depth and offset; valid after solve().
  llvm::ArrayRef<Stored> stored() const { return Written; }

  /// The constant contents of a global: called for a load from a Constant object at a known offset. Set by the builder.
  std::function<const llvm::Value *(const llvm::Value &Global, int64_t Offset)> ReadConstant;
  /// All addresses in a Constant object and their offsets, if they can be followed. Set by the builder.
  using Addresses = llvm::SmallVector<std::pair<int64_t, const llvm::Value *>, 8>;
  std::function<std::optional<Addresses>(const llvm::Value &Global)> ReadAll;
  std::function<NodeId(const llvm::Value &)> NodeOfConstant;

  bool gaveUp() const { return Widened; }

private:
  unsigned Limit = MaxTargets;
  struct CopyEdge {
    NodeId To;
    int64_t Offset;
    uint32_t Why;
  };
  struct Access { // a load to Other, or a store from Other
    NodeId Other;
    uint32_t Why;
    bool Moved = false;
  };
  struct ObjectMove { // what points into From points as far into To
    ObjectId From, To;
    int64_t Delta;
  };
  static constexpr int64_t FirstMove = AnyOffset + 1; ///< no offset of a pointer: the first element of Moves
  struct Node {
    Node() = default;
    Node(Node &&) noexcept = default; // or a vector that grows would copy
    Node &operator=(Node &&) noexcept = default;

    llvm::SmallVector<Fact, 2> Facts;
    NumberSet Settled; ///< targets that add nothing; only of nodes with more than FewFacts
    llvm::SmallVector<CopyEdge, 2> Copies;
    llvm::SmallVector<Access, 0> Loads, Stores, MemCopiesFrom, MemCopiesTo;
    ObjectId Owner = None; ///< whose contents it is
    bool Wide = false;
  };
  struct NumberedTarget {
    Target T;
    uint32_t ByNothing, ByAny; ///< the number of the target that stands an offset of 0, of AnyOffset further on
  };
  static constexpr unsigned FewFacts = 8, FewCopies = 8;

  void addFact(NodeId N, Fact F);
  void addNewFact(NodeId N, Fact F);
  void enterFact(NodeId N, Fact F);
  bool isNewStore(NodeId Address, NodeId From);
  void passOn(NodeId From, uint32_t Index, CopyEdge E);
  bool isNewEdge(NodeId To, NodeId From, int64_t Offset);
  uint32_t numberOf(Target T);
  uint32_t numberBehind(uint32_t Id, int64_t Offset);
  void drain();
  void process(NodeId N, uint32_t FactIndex);
  void readFrom(Target T, NodeId To, uint32_t Why);
  void writeTo(Target T, NodeId From, uint32_t Why);
  void copyObject(Target To, Target From, uint32_t Why, bool Moved);
  void copyField(ObjectId From, int64_t Offset, NodeId Field, const Object::Copier &C);
  void reach(NodeId Sink, const Fact &F);
  Target shifted(Target T, int64_t Offset) const;
  NodeId initial(ObjectId O, int64_t Offset);
  void listStored();

  std::vector<Node> Nodes;
  std::deque<Object> Objects; // references stay valid while objects are added
  std::vector<WhyNote> Whys;
  std::vector<std::pair<NodeId, uint32_t>> Work;
  llvm::DenseMap<std::pair<std::pair<uint32_t, uint32_t>, int64_t>, ObjectId> ParamObjects;
  llvm::DenseMap<uint32_t, unsigned> ParamOffsets; ///< how many offsets of a parameter are told apart
  std::vector<Stored> Written;
  std::vector<NumberedTarget> Targets;
  std::vector<ObjectMove> Moves;
  llvm::DenseMap<std::pair<ObjectId, int64_t>, uint32_t> TargetNumbers;
  llvm::DenseSet<uint64_t> PlainEdges; ///< without an offset, from nodes with more than FewCopies: from, to
  llvm::DenseSet<std::pair<uint64_t, int64_t>> OffsetEdges; ///< the others of those nodes
  size_t EdgeCount = 0;
  llvm::DenseSet<uint64_t> KnownStores; ///< through nodes with more than FewCopies
  NodeId HeapContents, Result, BehindResult;
  uint32_t ReachWhy;
  bool Widened = false;
};

} // namespace emm

#endif
