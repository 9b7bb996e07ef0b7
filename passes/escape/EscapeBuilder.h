//===- passes/escape/EscapeBuilder.h - IR to constraints ------------------===//
//
// Turns one function into an EscapeGraph: instructions become nodes and edges,
// calls become the callee's summary or model, and what is not known becomes a
// flow to Heap that names the reason.
//
// Debug intrinsics, lifetime markers and comparisons carry nothing. Integers
// take part only where a pointer was turned into one.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_PASSES_ESCAPE_ESCAPEBUILDER_H
#define EMM_PASSES_ESCAPE_ESCAPEBUILDER_H

#include "passes/Analysis.h"
#include "passes/escape/EscapeGraph.h"
#include "passes/escape/EscapeSummary.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/IntrinsicInst.h"

#include <deque>
#include <memory>

namespace emm {

using FunctionSet = llvm::SmallPtrSet<const llvm::Function *, 8>;
using SummaryMap = llvm::DenseMap<const llvm::Function *, EscapeSummary>;

/// Storage that a verdict is given about.
struct Subject {
  enum Kind { Allocation, Variable, Lambda } What;
  const llvm::Value *V;     ///< call or alloca; for a lambda the site's first object
  std::string Name;         ///< in the source's words
  Location Loc;
  Cause Forced;             ///< a size that is unknown or too large; Unknown if none
  llvm::SmallVector<ObjectId, 2> Objects;
};

/// Where a closure object holds its identity: at no place of a capture, so that it goes with the whole object only.
inline constexpr int64_t IdentityOffset = AnyOffset / 2;

/// The object that \p V, a closure passed in registers, is read from; else null.
const llvm::AllocaInst *closureCopiedBy(const llvm::Value &V);

/// A body that exists only because of the optimisation level counts as none.
inline bool hasBody(const llvm::Function &F) { return !F.isDeclaration() && !F.hasAvailableExternallyLinkage(); }

class EscapeBuilder {
public:
  /// \p Withheld are functions whose summaries must not be used for calls through pointers; null if none.
  EscapeBuilder(const llvm::Function &F, AnalysisContext &C, const SummaryMap &Summaries,
                const llvm::DenseSet<const llvm::Function *> *Withheld = nullptr);

  /// Builds and solves. Calls whose targets the graph finds are resolved on the way.
  void run();
  /// For functions that are visited many times.
  void limitTargets(unsigned Targets) { G.limitTargets(Targets); }

  /// The functions whose summaries the result rests on.
  const FunctionSet &used() const { return Used; }
  /// What the function calls of its caller's is left open. In a recursion its calls of the same values count as one.
  void leaveCallsOpen(bool InRecursion) {
    LeaveOpen = true;
    OneCallEach = InRecursion;
  }

  /// \p Calls are filled with where the results of calls that are left open go; null while none are.
  EscapeSummary summary(std::vector<CalledBack> *Calls = nullptr) const;

  const llvm::Function &function() const { return F; }
  EscapeGraph &graph() { return G; }
  const EscapeGraph &graph() const { return G; }
  const llvm::SmallVectorImpl<Subject> &subjects() const { return Subjects; }
  /// The cause of a fact in a sink: the end of the chain in words.
  Cause causeOf(NodeId Sink, const Fact &Last) const;
  /// That \p Fa, a flow within the memory of one parameter, is a library's business.
  bool isInside(const Fact &Fa) const;
  const std::vector<Cause> &calleeCauses() const { return CalleeCauses; }
  NodeId nodeOf(const llvm::Value *V);
  const llvm::DenseMap<const llvm::Value *, NodeId> &nodes() const { return Nodes; }
  /// The lambda whose identity \p O is.
  const Closure *closureOf(ObjectId O) const {
    for (const auto &[Cl, Id] : ClosureObjects)
      if (Id == O)
        return Cl;
    return nullptr;
  }
  /// Of a function that was analysed before this one; null if there is none.
  const EscapeSummary *finishedSummaryOf(const llvm::Function &Callee) const {
    auto It = Summaries.find(&Callee);
    return It == Summaries.end() ? nullptr : &It->second;
  }
  bool hasNode(const llvm::Value *V) const { return Nodes.count(V); }

private:
  /// Null for a function that has none (yet). Every use of a summary goes through here.
  const EscapeSummary *summaryOf(const llvm::Function &Callee);
  /// A call whose callee is a value.
  struct CallSite {
    NodeId Callee = None, Table = None; ///< Table: Callee is read from what that holds, at Slot
    int64_t Slot = 0;
    llvm::SmallVector<NodeId, 4> Args, Behind; ///< None: nothing that carries pointers
    NodeId Result = None;
    ObjectId Marker = None; ///< stands for the result while the call is open
    llvm::SmallVector<bool, 4> Own, Nested, Keeper; ///< of the arguments, as in CalledBack
    llvm::SmallVector<ObjectId, 2> Done;
  };
  /// A call that waits for the solver to find its callees, or those of its callee.
  struct Pending {
    const llvm::CallBase *Call = nullptr;
    const llvm::Function *Callee = nullptr; ///< has a higher-order summary; null for a call through a pointer
    std::deque<CallSite> Sites; // references stay valid while those of targets are added
    /// Targets that themselves call what they are passed: Args, Behind and Result are theirs, whichever site calls them.
    llvm::SmallVector<std::pair<const llvm::Function *, CallSite>, 0> Entered;
    bool Keeper = false; ///< Callee calls what its object keeps
    bool Closed = false; ///< counts as unknown
  };
  void wait(const llvm::CallBase &Call);
  void wait(const llvm::CallBase &Call, const llvm::Function &Callee, const HigherOrder &H);
  void resolveCalls();
  bool resolve(size_t Index, bool Last);
  /// Its callee depends on the caller.
  bool isOpen(const CallSite &S) const;
  void close(Pending &P);
  bool canApply(const Pending &P, const CallSite &S, const llvm::Function &Target);
  bool keepsClosure(const llvm::CallBase &Call, NodeId Arg);
  NodeId either(NodeId A, NodeId B, const llvm::CallBase &Call);
  void applyTarget(const llvm::CallBase &Call, const CallSite &S, const llvm::Function &Target, const EscapeSummary &Summary);
  void enterTarget(Pending &P, const CallSite &S, const llvm::Function &Target, const HigherOrder &H);
  void returnFrom(const llvm::CallBase &Call, const CallSite &S, bool ThroughSlot, int64_t Into, NodeId From);
  void storeInto(const llvm::CallBase &Call, const CallSite &S, uint32_t Param, unsigned Loads, int64_t Into, NodeId From,
                 uint32_t Why);
  CallSite siteOf(const llvm::CallBase &Call, const CalledBack &Open,
                  llvm::function_ref<NodeId(llvm::ArrayRef<CallerValue>)> Values);
  NodeId callerValues(const llvm::CallBase &Call, llvm::ArrayRef<CallerValue> Values);
  bool addValues(NodeId N, CalledBack::Argument &A, llvm::SmallVectorImpl<ObjectId> &Own) const;
  /// What the caller may know of the calls that are left open; then they are closed.
  void exportOpenCalls();
  void completeResult();
  void visit(const llvm::Instruction &I);
  void visitPhi(const llvm::PHINode &Phi);
  void visitCall(const llvm::CallBase &Call);
  void visitIntrinsic(const llvm::IntrinsicInst &I);
  bool applyModel(const llvm::CallBase &Call, const FunctionModel &M, const llvm::Function &Callee);
  void applySummary(const llvm::CallBase &Call, const EscapeSummary &S, const llvm::Function &Callee);
  /// Whoever holds a closure may call it: what its operator does to the captures happens.
  void applyOperator(const llvm::AllocaInst &Object);
  NodeId leaked(const llvm::CallBase &Call, unsigned Arg, const ParamLeak &L);
  llvm::SmallVector<unsigned, 2> argumentsOf(const llvm::CallBase &Call, uint32_t Param) const;
  llvm::SmallVector<NodeId, 2> placesOf(const llvm::CallBase &Call, uint32_t Param, unsigned Loads, int64_t At);
  void applyCallback(const llvm::CallBase &Call, const llvm::Function &Target, int First);
  void keepCallable(const llvm::CallBase &Call, const llvm::Function &Callee);
  void callUnknown(const llvm::CallBase &Call, int First);
  void applyLeak(const llvm::CallBase &Call, const ParamLeak &L);
  void applyCallee(const llvm::CallBase &Call, const llvm::Function &Callee);
  void applyUnknown(const llvm::CallBase &Call, Cause::Kind Why, llvm::StringRef Name);
  /// \p Into is the place in a result that is returned in memory.
  void defineResult(const llvm::CallBase &Call, NodeId From, uint32_t Why, int64_t Into = AnyOffset);
  void allocate(const llvm::CallBase &Call, llvm::StringRef Spelling, const llvm::Value *Size, const llvm::Value *Count,
                bool SizeKnown);
  void takeOver(const llvm::CallBase &Call, const HandedOut &H, const llvm::Function &Callee);
  llvm::SmallVector<NodeId, 2> accessed(llvm::Type *T, const llvm::Value &Address, const llvm::Value &At);
  NodeId wholeOf(const llvm::Value *V, const llvm::CallBase &Call) { return place(nodeOf(V), AnyOffset, &Call); }
  /// The address \p Offset behind what \p N holds.
  NodeId place(NodeId N, int64_t Offset, const llvm::Value *At);
  /// The identity of the closure of class \p T in \p Object, or None if no lambda of the unit has it.
  ObjectId closureObject(const llvm::Value &Object, const llvm::Type *T);
  void markLoopCarried();
  /// The frame holds the promise and the parameters, whatever part of the body runs.
  void fillCoroutineFrame();

  uint32_t why(const char *Word, const llvm::Value *At, uint32_t Detail = 0);
  uint32_t mayWhy(const char *Word, const llvm::Value *At, bool May) {
    return G.addWhy({Word, At, "", 0, May});
  }
  uint32_t whyStored(const llvm::CallBase &Call, const ParamLeak &L) {
    return G.addWhy({"call parameter", &Call, "", 0, true, L.Inside});
  }
  uint32_t whyCause(const char *Word, const llvm::Value *At, Cause C);
  /// The value of \p N after \p Loads loads, the first at offset \p First, the others of the whole of what it points to.
  NodeId loaded(NodeId N, unsigned Loads, const llvm::Value *At, int64_t First = AnyOffset);
  bool carriesPointers(const llvm::Type *T) const;

  const llvm::Function &F;
  AnalysisContext &C;
  const SummaryMap &Summaries;
  FunctionSet Used;
  const llvm::DenseSet<const llvm::Function *> *Withheld;
  EscapeGraph G;
  llvm::DenseMap<const llvm::Value *, NodeId> Nodes;
  llvm::SmallVector<Subject, 8> Subjects;
  std::vector<Cause> CalleeCauses; ///< index 0 is unused; WhyNote::Detail points here
  std::deque<Pending> Waiting; // references stay valid while calls are added
  std::shared_ptr<const HigherOrder> Higher;
  llvm::DenseMap<std::pair<NodeId, int64_t>, NodeId> Places;
  llvm::DenseMap<NodeId, NodeId> LoadedNodes;
  llvm::MapVector<const Closure *, ObjectId> ClosureObjects;
  llvm::SmallVector<ObjectId, 1> Slots; ///< the storage of a result returned in memory
  ObjectId CoroutineFrame = None;
  bool UserCode, Library, LeaveOpen = false, OneCallEach = false;
};

} // namespace emm

#endif
