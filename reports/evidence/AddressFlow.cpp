//===- reports/evidence/AddressFlow.cpp -----------------------------------===//

#include "reports/evidence/AddressFlow.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringSwitch.h"

#include <set>

using namespace llvm;

namespace emm::evidence {

AddressFlow::Value AddressFlow::of(unsigned Register, const State &S) const {
  Value V;
  if (M.isStackRegister(Register)) {
    V.K = Value::Stack;
    return V;
  }
  auto It = S.find(M.whole(Register));
  return It == S.end() ? V : It->second;
}

AddressFlow::Value AddressFlow::added(Value V, int64_t Bytes) const {
  if (V.K == Value::Number)
    V.Where += uint64_t(Bytes);
  return V;
}

/// AArch64 counts the offsets of some instructions in units of what is moved.
static int64_t scaleOf(StringRef Opcode) {
  if (!Opcode.consume_back("ui"))
    return 1;
  if (Opcode.ends_with("BB") || Opcode.ends_with("B") || Opcode.contains("SB"))
    return 1;
  return StringSwitch<int64_t>(Opcode.take_back(1)).Case("H", 2).Case("W", 4).Case("S", 4).Case("X", 8).Case("D", 8).Case("Q", 16).Default(1);
}

AddressFlow::Value AddressFlow::addressed(const Instruction &I, const State &S) const {
  std::optional<unsigned> Base = M.baseOperand(I);
  if (!Base)
    return {};
  Value V;
  if (M.hasThreadSegment(I)) {
    V.K = Value::Thread;
    return V;
  }
  // An immediate operand may have a relocation of its own: it is the last field of four bytes.
  bool HasImmediate = M.isX86() && I.Inst.getNumOperands() > *Base + 5 &&
                      I.Inst.getOperand(I.Inst.getNumOperands() - 1).isImm();
  if (Reference R = File.relocationIn(F.Section, I.Address, HasImmediate ? I.Size - 4 : I.Size); R.K != Reference::Nothing) {
    V.K = R.K == Reference::Thread ? Value::Thread : Value::Named;
    V.Of = R;
    return V;
  }
  if (std::optional<uint64_t> Address = M.isX86() ? M.memoryAddress(I) : std::nullopt) {
    V.K = Value::Number;
    V.Where = *Address;
    return V;
  }
  V = of(I.Inst.getOperand(*Base).getReg(), S);
  unsigned Displacement = M.isX86() ? *Base + 3 : *Base + 1;
  if (Displacement < I.Inst.getNumOperands() && I.Inst.getOperand(Displacement).isImm())
    V = added(V, I.Inst.getOperand(Displacement).getImm() * (M.isX86() ? 1 : scaleOf(M.opcodeName(I))));
  return V;
}

/// What the first result of \p I holds.
AddressFlow::Value AddressFlow::result(const Instruction &I, const State &S) const {
  StringRef Name = M.mnemonic(I), Opcode = M.opcodeName(I);
  const MCInst &Inst = I.Inst;
  auto Operand = [&](unsigned N) -> unsigned { return N < Inst.getNumOperands() && Inst.getOperand(N).isReg() ? unsigned(Inst.getOperand(N).getReg()) : 0; };
  auto Named = [&](const Reference &R) {
    Value V;
    if (R.K == Reference::Nothing)
      return V;
    V.K = R.K == Reference::Thread ? Value::Thread : Value::Named;
    V.Of = R;
    V.Of.K = Reference::Address;
    return V;
  };
  auto Loaded = [&]() -> Value {
    // Of memory only the slots that the linker fills are known.
    Value At = addressed(I, S);
    if (At.K == Value::Number)
      At.Of = File.at(F.Section, At.Where);
    return (At.K == Value::Named || At.K == Value::Number) && At.Of.K == Reference::Slot ? Named(At.Of) : Value();
  };
  if (M.isX86()) {
    if (Name.starts_with("lea"))
      return addressed(I, S);
    if (Name.starts_with("mov") && M.baseOperand(I))
      return M.describe(I).mayLoad() ? Loaded() : Value();
    if (Name.starts_with("mov") && Inst.getNumOperands() == 2 && Operand(1))
      return of(Operand(1), S);
    if (Name.starts_with("mov") && Inst.getNumOperands() == 2 && !Operand(1))
      return Named(File.relocationIn(F.Section, I.Address, I.Size));
    if ((Name.starts_with("add") || Name.starts_with("sub")) && Operand(1) && Inst.getNumOperands() == 3 &&
        Inst.getOperand(2).isImm())
      return added(of(Operand(1), S), Name.starts_with("add") ? Inst.getOperand(2).getImm() : -Inst.getOperand(2).getImm());
    return {};
  }
  if (Name == "adrp" || Name == "adr") {
    if (Value V = Named(File.relocationIn(F.Section, I.Address, I.Size)); V.K != Value::Unknown)
      return V;
    Value V;
    if (!File.isLinked() || Inst.getNumOperands() < 2 || !Inst.getOperand(1).isImm())
      return V;
    V.K = Value::Number;
    int64_t By = Inst.getOperand(1).getImm();
    V.Where = Name == "adrp" ? (I.Address & ~uint64_t(0xfff)) + uint64_t(By) * 0x1000 : I.Address + uint64_t(By);
    return V;
  }
  if (Name == "mrs") {
    Value V;
    V.K = Value::Thread;
    return V;
  }
  if (Opcode.starts_with("ADDXri") && Inst.getOperand(2).isImm())
    return added(of(Operand(1), S), Inst.getOperand(2).getImm() << (Inst.getOperand(3).isImm() ? Inst.getOperand(3).getImm() & 63 : 0));
  if (Opcode == "ORRXrs" && M.registerName(Operand(1)) == "XZR")
    return of(Operand(2), S);
  if (M.describe(I).mayLoad() && Name.starts_with("ldr"))
    return Loaded();
  return {};
}

/// The one call of which the result is known: the address of a thread-local variable.
bool AddressFlow::callsThreadStorage(const Instruction &I) const {
  Reference R = File.relocationIn(F.Section, I.Address, I.Size);
  if (std::optional<uint64_t> Target = R.K == Reference::Nothing ? M.branchTarget(I) : std::nullopt)
    R = File.at(F.Section, *Target);
  return R.Symbol == "__tls_get_addr";
}

void AddressFlow::step(const Instruction &I, State &S) const {
  const MCInstrDesc &D = M.describe(I);
  Value First = D.getNumDefs() ? result(I, S) : Value();
  if (D.isCall())
    std::erase_if(S, [&](const auto &Entry) { return M.isCallClobbered(Entry.first); });
  for (unsigned R : D.implicit_defs())
    S.erase(M.whole(R));
  for (unsigned N = D.getNumDefs(); N-- > 0;)
    if (N < I.Inst.getNumOperands() && I.Inst.getOperand(N).isReg())
      S.erase(M.whole(I.Inst.getOperand(N).getReg()));
  if (First.K != Value::Unknown && I.Inst.getOperand(0).isReg())
    S[M.whole(I.Inst.getOperand(0).getReg())] = First;
  if (D.isCall() && callsThreadStorage(I))
    S[M.resultRegister()].K = Value::Thread;
}

void AddressFlow::run(function_ref<void(const Instruction &, const Value &)> Visit) {
  DenseMap<uint64_t, size_t> Index;
  for (size_t N = 0; N < Code.size(); ++N)
    Index[Code[N].Address] = N;
  auto TargetOf = [&](const Instruction &I) -> std::optional<size_t> {
    std::optional<uint64_t> T = M.describe(I).isBranch() ? M.branchTarget(I) : std::nullopt;
    auto It = T ? Index.find(*T) : Index.end();
    return It == Index.end() ? std::nullopt : std::optional(It->second);
  };
  // Blocks begin at the entry, at targets and after whatever leaves. Behind an indirect jump everything may be reached.
  std::map<size_t, std::optional<State>> Entry;
  Entry[0] = State();
  bool Indirect = any_of(Code, [&](const Instruction &I) { return M.describe(I).isIndirectBranch(); });
  for (size_t N = 0; N < Code.size(); ++N) {
    if (auto T = TargetOf(Code[N]))
      Entry.try_emplace(*T);
    if (M.describe(Code[N]).isTerminator() && N + 1 < Code.size())
      Entry.try_emplace(N + 1);
  }
  if (Indirect)
    for (auto &[N, S] : Entry)
      S = State();
  std::set<size_t> Work;
  for (auto &[N, S] : Entry)
    if (S)
      Work.insert(N);
  auto Flow = [&](size_t To, const State &S) {
    std::optional<State> &In = Entry[To];
    if (!In) {
      In = S;
      Work.insert(To);
      return;
    }
    size_t Before = In->size();
    std::erase_if(*In, [&](const auto &E) {
      auto It = S.find(E.first);
      return It == S.end() || !(It->second == E.second);
    });
    if (In->size() != Before)
      Work.insert(To);
  };
  auto Walk = [&](size_t Begin, bool Final) {
    State S = *Entry[Begin];
    for (size_t N = Begin; N < Code.size(); ++N) {
      if (N != Begin && Entry.count(N)) {
        if (!Final)
          Flow(N, S);
        return;
      }
      const Instruction &I = Code[N];
      if (Final && M.baseOperand(I))
        Visit(I, addressed(I, S));
      step(I, S);
      if (!Final)
        if (auto T = TargetOf(I))
          Flow(*T, S);
      if (M.describe(I).isBarrier())
        return;
    }
  };
  while (!Work.empty()) {
    size_t N = *Work.begin();
    Work.erase(Work.begin());
    Walk(N, false);
  }
  for (auto &[N, S] : Entry) {
    if (!S)
      S = State(); // reached only from elsewhere: a landing pad
    Walk(N, true);
  }
}

} // namespace emm::evidence
