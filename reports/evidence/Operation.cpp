//===- reports/evidence/Operation.cpp -------------------------------------===//
//
// Source: Intel's manual, volume 3, 9.1.2 (locked operations; xchg with memory
// locks by itself) and 9.2.5; Arm's architecture manual, C3.2 and B2.3; the names
// of outlined operations are those of GCC's and LLVM's runtime libraries.
//
//===----------------------------------------------------------------------===//

#include "reports/evidence/Operation.h"

#include "llvm/ADT/StringRef.h"

using namespace llvm;

namespace emm::evidence {

const OperationInfo &operationInfo(Operation O) {
  static constexpr OperationInfo Infos[NumOperations] = {
      {"instructions", "instr"}, {"lock", "lock"},           {"compareExchange", "cas"}, {"exchange", "xchg"},
      {"readModifyWrite", "rmw"}, {"fence", "fence"},        {"exclusiveLoad", "ldxr"},  {"exclusiveStore", "stxr"},
      {"acquireLoad", "ldar"},    {"releaseStore", "stlr"},  {"sharedStores", "shared"}, {"pointerStores", "pointer"}};
  return Infos[unsigned(O)];
}

static SmallVector<Operation, 2> onX86(const Machine &M, const Instruction &I) {
  StringRef Name = M.mnemonic(I);
  if (Name == "mfence" || Name == "lfence" || Name == "sfence")
    return {Operation::Fence};
  std::optional<unsigned> Base = M.baseOperand(I);
  if (Name.starts_with("xchg") && Base)
    return I.Locked ? SmallVector<Operation, 2>{Operation::Lock, Operation::Exchange}
                    : SmallVector<Operation, 2>{Operation::Exchange};
  if (!I.Locked)
    return {};
  if (Name.starts_with("cmpxchg"))
    return {Operation::Lock, Operation::CompareExchange};
  // `lock orl $0, (%rsp)`: nothing is changed, and the stack is nobody else's.
  const MCOperand &Last = I.Inst.getOperand(I.Inst.getNumOperands() - 1);
  if (Base && M.isStackRegister(I.Inst.getOperand(*Base).getReg()) && Last.isImm() && Last.getImm() == 0 &&
      (Name.starts_with("or") || Name.starts_with("add")))
    return {Operation::Lock, Operation::Fence};
  return {Operation::Lock, Operation::ReadModifyWrite};
}

/// True if \p Name is \p Stem with only marks of order (`a`, `l`, `al`) and width (`b`, `h`) after it.
static bool isVariant(StringRef Name, StringRef Stem) {
  if (!Name.consume_front(Stem))
    return false;
  Name.consume_front("a");
  Name.consume_front("l");
  return Name.empty() || Name == "b" || Name == "h";
}

static SmallVector<Operation, 2> onArm(const Machine &M, const Instruction &I) {
  StringRef Name = M.mnemonic(I);
  auto OneOf = [&](std::initializer_list<const char *> Stems) {
    return any_of(Stems, [&](const char *Stem) {
      StringRef Rest = Name;
      return Rest.consume_front(Stem) && (Rest.empty() || Rest == "b" || Rest == "h");
    });
  };
  if (Name == "dmb" || Name == "dsb")
    return {Operation::Fence};
  if (isVariant(Name, "cas") || isVariant(Name, "casp"))
    return {Operation::CompareExchange};
  if (isVariant(Name, "swp") || isVariant(Name, "swpp"))
    return {Operation::Exchange};
  for (StringRef Prefix : {"ld", "st"})
    for (StringRef What : {"add", "clr", "eor", "set", "smax", "smin", "umax", "umin"})
      if (isVariant(Name, (Prefix + What).str()))
        return {Operation::ReadModifyWrite};
  if (OneOf({"ldxr", "ldaxr", "ldxp", "ldaxp"}))
    return {Operation::ExclusiveLoad};
  if (OneOf({"stxr", "stlxr", "stxp", "stlxp"}))
    return {Operation::ExclusiveStore};
  if (OneOf({"ldar", "ldapr", "ldapur"}))
    return {Operation::AcquireLoad};
  if (OneOf({"stlr", "stlur"}))
    return {Operation::ReleaseStore};
  return {};
}

SmallVector<Operation, 2> operationsOf(const Machine &M, const Instruction &I) {
  return M.isX86() ? onX86(M, I) : onArm(M, I);
}

std::optional<Operation> outlinedOperation(StringRef Function) {
  if (!Function.consume_front("__aarch64_"))
    return std::nullopt;
  StringRef Stem = Function.take_while([](char C) { return C >= 'a' && C <= 'z'; });
  if (Stem == "cas")
    return Operation::CompareExchange;
  if (Stem == "swp")
    return Operation::Exchange;
  if (Stem == "ldadd" || Stem == "ldclr" || Stem == "ldeor" || Stem == "ldset")
    return Operation::ReadModifyWrite;
  return std::nullopt;
}

} // namespace emm::evidence
