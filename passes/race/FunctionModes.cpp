//===- passes/race/FunctionModes.cpp - the conditions of an access -------===//

#include "passes/race/FunctionAnalysis.h"

#include "passes/race/Conditions.h"

#include "llvm/IR/Constants.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace emm::race {

/// What \p Condition, if it is \p Taken, says of a global.
std::optional<ModeTest> FunctionAnalysis::modeTested(const Value &Condition, bool Taken) {
  const Value *Tested = nullptr;
  int64_t Value = 0;
  bool Equal = Taken;
  if (const auto *Cmp = dyn_cast<ICmpInst>(&Condition); Cmp && Cmp->isEquality()) {
    Comparison C = withConstant(*Cmp);
    const auto *K = dyn_cast_or_null<ConstantInt>(C.K);
    if (!C.K || (K && K->getBitWidth() > 64))
      return std::nullopt;
    Tested = C.Of;
    Value = K ? K->getSExtValue() : 0;
    Equal = Taken == (C.Predicate == ICmpInst::ICMP_EQ);
  } else if (isa<TruncInst>(Condition)) {
    // A bool in memory is a byte.
    Tested = cast<Instruction>(Condition).getOperand(0);
    Equal = !Taken;
  } else {
    Tested = &Condition;
    Equal = !Taken;
  }
  if (const auto *A = dyn_cast<Argument>(Tested)) {
    Root R;
    R.Kind = RootKind::Param;
    R.V = A;
    return ModeTest{U.Places.make(U.Places.root(R)), Value, Equal};
  }
  const llvm::Value *Pointer = nullptr;
  if (const auto *Load = dyn_cast<LoadInst>(Tested))
    Pointer = Load->getPointerOperand();
  if (const auto *Call = dyn_cast<CallBase>(Tested))
    if (const Function *G = calleeOf(*Call); G && !G->isIntrinsic())
      if (const FunctionModel *M = U.model(*G))
        if (const EffectRow *R = M->find(Effect::AtomicLoad))
          Pointer = argOperand(*Call, R->A);
  if (!Pointer)
    return std::nullopt;
  PlaceSet P = V.of(Pointer);
  if (P.size() != 1 || U.Places.rootOf(P[0]).Kind != RootKind::Global || U.Places.place(P[0]).Path.size() != 1)
    return std::nullopt;
  return ModeTest{P[0], Value, Equal};
}

/// The tests of globals against constants that decide whether \p B is reached.
const SmallVector<ModeTest, 1> &FunctionAnalysis::modesAt(const BasicBlock &B) {
  if (auto It = Modes.find(&B); It != Modes.end())
    return *It->second;
  SmallVector<ModeTest, 1> Out;
  const DomTreeNode *Node = dominators().getNode(&B);
  if (Node && Node->getIDom()) {
    const BasicBlock &Test = *Node->getIDom()->getBlock();
    Out = modesAt(Test);
    const Instruction *T = Test.getTerminator();
    if (B.getSinglePredecessor() == &Test && T->getNumSuccessors() == 2)
      anyOnEdge(Test, T->getSuccessor(0) == &B ? 0 : 1, [&](const Value &Condition, bool Holds) {
        if (std::optional<ModeTest> M = Out.size() < 4 ? modeTested(Condition, Holds) : std::nullopt)
          Out.push_back(*M);
        return false;
      });
  }
  auto &Slot = Modes[&B];
  Slot = std::make_unique<SmallVector<ModeTest, 1>>(std::move(Out));
  return *Slot;
}

/// The tests of parameters on the way to \p At in this function, and those of the callee's way \p Inner in its words;
/// nothing if a constant argument excludes that way.
std::optional<SmallVector<ModeTest, 1>> FunctionAnalysis::parametersTested(const CallBase &At, ArrayRef<ModeTest> Inner) {
  SmallVector<ModeTest, 1> Out;
  for (const ModeTest &M : modesAt(*At.getParent()))
    if (U.Places.rootOf(M.Global).Kind == RootKind::Param)
      Out.push_back(M);
  for (ModeTest M : Inner) {
    unsigned N = cast<Argument>(U.Places.rootOf(M.Global).V)->getArgNo();
    const Value *Given = N < At.arg_size() ? At.getArgOperand(N) : nullptr;
    if (const auto *K = dyn_cast_or_null<ConstantInt>(Given); K && K->getBitWidth() <= 64) {
      if ((K->getSExtValue() == M.Value) != M.Equal)
        return std::nullopt;
    } else if (isa_and_nonnull<Argument>(Given) && Out.size() < 4) {
      Root R;
      R.Kind = RootKind::Param;
      R.V = Given;
      M.Global = U.Places.make(U.Places.root(R));
      Out.push_back(M);
    }
  }
  return Out;
}

} // namespace emm::race
