//===- passes/race/Values.h - what the pointers of a function hold --------===//
//
// A flow-insensitive pass over one function in SSA form: each pointer (and each
// integer that a pointer passes through) has a small set of places; what is
// stored where is kept by address. Callees contribute through their summaries.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_PASSES_RACE_VALUES_H
#define EMM_PASSES_RACE_VALUES_H

#include "passes/race/Unit.h"

#include <optional>
#include <utility>

namespace emm::race {

/// A resolved entry with the places of its parameters, by IR argument number.
struct ThreadTarget {
  const llvm::Function *Entry = nullptr;
  std::vector<PlaceSet> Arguments;
  PlaceId Pending = UnknownPlace; ///< the entry is what this place (rooted at a parameter) holds
};

class Values {
public:
  Values(Unit &U, const llvm::Function &F)
      : U(U), F(F), Made(U.isConstructorOrDestructor(F) && !U.isDestructor(F) && F.arg_size() > firstParameter(F)
                             ? F.getArg(firstParameter(F))
                             : nullptr) {}

  void compute();

  /// The places that \p V may hold; empty for null and for what is no pointer.
  PlaceSet of(const llvm::Value *V);
  PlaceSet ofArgument(const llvm::CallBase &Call, int N) {
    const llvm::Value *V = argOperand(Call, N);
    return V ? of(V) : PlaceSet();
  }
  /// The places of the call's result: the return slot when there is one.
  PlaceSet ofResult(const llvm::CallBase &Call);

  /// Element \p Index of the structure \p V returns or is.
  PlaceSet part(const llvm::Value *V, unsigned Index) const {
    auto It = Parts.find({V, Index});
    return It == Parts.end() ? PlaceSet() : It->second;
  }

  /// What a load from \p Address yields.
  PlaceSet load(PlaceId Address, unsigned Depth = 0);

  /// While it lives, translate() remembers what it said of one call with one list of arguments.
  class Translation {
  public:
    Translation(Values &V, const llvm::Instruction &Call, llvm::ArrayRef<PlaceSet> Arguments)
        : V(V), Call(&Call), Arguments(Arguments.data()), Outer(std::exchange(V.Current, this)) {}
    ~Translation() { V.Current = Outer; }
    Translation(const Translation &) = delete;

  private:
    friend class Values;
    Values &V;
    const llvm::Instruction *Call;
    const PlaceSet *Arguments; ///< alive as long as this is
    Translation *Outer;
    unsigned Age = 0;
    llvm::SmallDenseMap<PlaceId, PlaceSet, 16> Known;
  };

  /// What \p P, a place of the callee of \p Call, is here. \p Arguments by IR argument number of the callee.
  PlaceSet translate(PlaceId P, const llvm::Instruction &Call, llvm::ArrayRef<PlaceSet> Arguments);
  /// The one place that \p P is here, or the unknown one.
  PlaceId only(PlaceId P, const llvm::Instruction &Call, llvm::ArrayRef<PlaceSet> Arguments) {
    PlaceSet Here = P ? translate(P, Call, Arguments) : PlaceSet();
    return Here.size() == 1 ? Here[0] : UnknownPlace;
  }
  /// What \p P may be here, each with what \p Q then is, or the unknown place: `q->length` and `q->mutex` belong to one
  /// queue, whichever `q` is. Empty if the two have different roots.
  std::vector<std::pair<PlaceId, PlaceId>> translatePair(PlaceId P, PlaceId Q, const llvm::Instruction &Call,
                                                         llvm::ArrayRef<PlaceSet> Arguments);

  /// What \p Holder, kept by an object to be called, runs; nothing if that is not known here (Callables.cpp).
  std::optional<ThreadTarget> kept(PlaceId Holder);

  /// A thread's own copy of the object at \p Sources.
  PlaceId copyFor(const llvm::CallBase &Spawn, unsigned Argument, const PlaceSet &Sources);

  void store(PlaceId Address, const PlaceSet &What);
  void copy(PlaceId To, PlaceId From, int64_t Bytes = CopyEffect::Unbounded);

  const llvm::DenseMap<PlaceId, PlaceSet> &contents() const { return Contents; }
  llvm::ArrayRef<CopyEffect> copies() const { return CopiedObjects; }
  /// What the thread's own copy \p R was made of.
  PlaceSet sourcesOf(RootId R) const { return CopySources.lookup(R); }
  std::vector<PlaceSet> argumentsOf(const llvm::CallBase &Call);

private:
  PlaceSet find(PlaceId Address, unsigned Depth);
  /// As load(), until the next load.
  const PlaceSet &loaded(PlaceId Address, unsigned Depth = 0);
  PlaceSet translateAnew(PlaceId P, const llvm::Instruction &Call, llvm::ArrayRef<PlaceSet> Arguments);
  /// Something was stored or copied: what was read before may be different now.
  void forget() {
    Remembered.clear();
    ++Age;
  }
  std::optional<PlaceSet> rootHere(PlaceId P, const llvm::Instruction &Call, llvm::ArrayRef<PlaceSet> Arguments);
  PlaceSet along(PlaceSet At, llvm::ArrayRef<Offset> Path);
  PlaceSet evaluate(const llvm::Value &V);
  PlaceSet evaluateCall(const llvm::CallBase &Call, unsigned Index);
  void visit(const llvm::Instruction &I);
  void visitCall(const llvm::CallBase &Call);
  void storeConstant(PlaceId Address, const llvm::Constant &K);
  bool applyModel(const llvm::CallBase &Call, const FunctionModel &Model);
  void keepCallable(const llvm::CallBase &Call, const EffectRow &Row);
  void keepInElement(const llvm::CallBase &Call, const llvm::Function &Callee, const EffectRow &Row);
  void keepIn(const llvm::CallBase &Call, const PlaceSet &Objects, llvm::ArrayRef<ThreadTarget> Targets);
  void applySummary(const llvm::CallBase &Call, const Summary &S);
  PlaceId heap(const llvm::CallBase &Call);
  bool madeInLoop(const Root &R);

  Unit &U;
  const llvm::Function &F;
  const llvm::Argument *Made; ///< `this` of a constructor: it holds nothing but what the constructor stores
  llvm::DenseMap<const llvm::Value *, PlaceSet> Known;
  llvm::DenseMap<std::pair<const llvm::Value *, unsigned>, PlaceSet> Parts; ///< of aggregates
  llvm::DenseMap<PlaceId, PlaceSet> Contents;
  std::vector<CopyEffect> CopiedObjects;
  llvm::DenseMap<uint32_t, llvm::SmallVector<CopyEffect, 1>> CopiesInto; ///< the same, by the prefix of To
  llvm::DenseMap<RootId, PlaceSet> CopySources;
  llvm::DenseMap<const llvm::BasicBlock *, bool> InLoop;
  /// By address and depth: what loads yield until something is stored or copied.
  llvm::DenseMap<std::pair<PlaceId, unsigned>, PlaceSet> Remembered;
  Translation *Current = nullptr;
  unsigned Age = 0;
  bool Loaded = false; ///< something was read, which a later store may have changed
  bool Again = false;  ///< a second round would see more
};

} // namespace emm::race

#endif
