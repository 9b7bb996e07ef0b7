//===- passes/race/Conditions.cpp -----------------------------------------===//

#include "passes/race/Conditions.h"

#include "llvm/IR/Constants.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/PatternMatch.h"

using namespace llvm;

namespace emm::race {

/// What follows from \p Condition being \p Holds.
static bool anyImplied(const Value &Condition, bool Holds, function_ref<bool(const Value &, bool)> Do, unsigned Depth = 0) {
  using namespace PatternMatch;
  const Value *A, *B;
  if (Depth < 8) {
    if (match(&Condition, m_Not(m_Value(A))))
      return anyImplied(*A, !Holds, Do, Depth + 1);
    // Matches `and` and `or`, also where they are written as a select.
    if (Holds ? match(&Condition, m_LogicalAnd(m_Value(A), m_Value(B))) : match(&Condition, m_LogicalOr(m_Value(A), m_Value(B))))
      return anyImplied(*A, Holds, Do, Depth + 1) || anyImplied(*B, Holds, Do, Depth + 1);
  }
  return Do(Condition, Holds);
}

/// The condition of a branch that goes two ways, or null.
static const Value *conditionOf(const BasicBlock &B) {
  const Instruction *T = B.getTerminator();
  if (T->getNumSuccessors() != 2 || isa<InvokeInst>(T) || !T->getNumOperands() ||
      !T->getOperand(0)->getType()->isIntegerTy(1) || T->getSuccessor(0) == T->getSuccessor(1))
    return nullptr;
  return T->getOperand(0);
}

static std::optional<bool> valueOf(const Value &Condition, function_ref<std::optional<bool>(const Value &)> Known,
                                   unsigned Depth = 0) {
  using namespace PatternMatch;
  if (std::optional<bool> Whole = Known(Condition))
    return Whole;
  const Value *A, *B;
  if (Depth == 8)
    return std::nullopt;
  if (match(&Condition, m_Not(m_Value(A)))) {
    std::optional<bool> Inner = valueOf(*A, Known, Depth + 1);
    return Inner ? std::optional(!*Inner) : std::nullopt;
  }
  bool IsAnd = match(&Condition, m_LogicalAnd(m_Value(A), m_Value(B)));
  if (!IsAnd && !match(&Condition, m_LogicalOr(m_Value(A), m_Value(B))))
    return std::nullopt;
  std::optional<bool> X = valueOf(*A, Known, Depth + 1), Y = valueOf(*B, Known, Depth + 1);
  // One that is false decides an `and`, one that is true an `or`.
  if ((X && *X != IsAnd) || (Y && *Y != IsAnd))
    return !IsAnd;
  return X && Y ? std::optional(IsAnd) : std::nullopt;
}

bool mayTake(const BasicBlock &B, unsigned Successor, function_ref<std::optional<bool>(const Value &)> Known) {
  const Value *Condition = conditionOf(B);
  std::optional<bool> Value = Condition ? valueOf(*Condition, Known) : std::nullopt;
  return !Value || *Value == (Successor == 0);
}

bool anyOnEdge(const BasicBlock &B, unsigned Successor, function_ref<bool(const Value &, bool)> Do) {
  const Value *Condition = conditionOf(B);
  return Condition && anyImplied(*Condition, Successor == 0, Do);
}

Comparison withConstant(const ICmpInst &Cmp) {
  auto Is = [](const Value *V) { return isa<ConstantInt>(V) || isa<ConstantPointerNull>(V); };
  if (Is(Cmp.getOperand(1)))
    return {Cmp.getOperand(0), cast<Constant>(Cmp.getOperand(1)), Cmp.getPredicate()};
  if (Is(Cmp.getOperand(0)))
    return {Cmp.getOperand(1), cast<Constant>(Cmp.getOperand(0)), Cmp.getSwappedPredicate()};
  return {};
}

const Value *decidedBy(const Value *Condition, bool &TrueIfNonZero) {
  TrueIfNonZero = true;
  for (unsigned Depth = 0; Depth < 8; ++Depth) {
    if (const auto *Cmp = dyn_cast<ICmpInst>(Condition)) {
      Comparison C = withConstant(*Cmp);
      if (!C.K || !isa<ConstantInt>(C.K) || !C.K->isNullValue() || !Cmp->isEquality())
        return nullptr;
      TrueIfNonZero ^= C.Predicate == ICmpInst::ICMP_EQ;
      Condition = C.Of;
    } else if (const auto *Minus = dyn_cast<BinaryOperator>(Condition);
               Minus && Minus->getOpcode() == Instruction::Sub && match(Minus->getOperand(0), PatternMatch::m_Zero())) {
      Condition = Minus->getOperand(1);
    } else if (const auto *X = dyn_cast<BinaryOperator>(Condition)) {
      const auto *K = dyn_cast<ConstantInt>(X->getOperand(1));
      if (!K || !K->isOne())
        return nullptr;
      if (X->getOpcode() == Instruction::Xor)
        TrueIfNonZero = !TrueIfNonZero;
      else if (X->getOpcode() != Instruction::And)
        return nullptr;
      Condition = X->getOperand(0);
    } else if (isa<TruncInst>(Condition) || isa<ZExtInst>(Condition) || isa<SExtInst>(Condition) ||
               isa<FreezeInst>(Condition)) {
      Condition = cast<Instruction>(Condition)->getOperand(0);
    } else {
      return Condition;
    }
  }
  return nullptr;
}

std::optional<bool> holdsIf(const Value &Condition, const Value &Of, bool Zero) {
  bool TrueIfNonZero;
  if (decidedBy(&Condition, TrueIfNonZero) == &Of)
    return TrueIfNonZero != Zero;
  // Of zero every comparison is known: `if (start() < 0)`.
  const auto *Cmp = dyn_cast<ICmpInst>(&Condition);
  Comparison C = Cmp ? withConstant(*Cmp) : Comparison();
  const auto *K = dyn_cast_or_null<ConstantInt>(C.K);
  if (!Zero || !K)
    return std::nullopt;
  // A comparison in between would make a number of its own of zero.
  const Value *V = C.Of;
  while (V != &Of && (isa<CastInst>(V) || isa<FreezeInst>(V)))
    V = cast<Instruction>(V)->getOperand(0);
  if (V != &Of)
    return std::nullopt;
  return ICmpInst::compare(APInt::getZero(K->getBitWidth()), K->getValue(), C.Predicate);
}

} // namespace emm::race
