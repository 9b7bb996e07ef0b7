//===- reports/evidence/FunctionCensus.cpp --------------------------------===//

#include "reports/evidence/FunctionCensus.h"

#include "reports/evidence/AddressFlow.h"

using namespace llvm;

namespace emm::evidence {

namespace {

std::vector<Instruction> decode(const CodeFile &File, const Machine &M, const CodeFunction &F, uint64_t &Undecoded) {
  std::vector<Instruction> Code;
  for (uint64_t At = 0; At < F.Bytes.size();) {
    Instruction I;
    if (File.isData(F.Section, F.Address + At)) {
      At += M.isX86() ? 1 : 4;
      continue;
    }
    if (M.decode(F.Bytes.drop_front(At), F.Address + At, I))
      Code.push_back(I);
    else
      Undecoded += I.Size;
    At += I.Size;
  }
  return Code;
}

/// A store that is nothing but a store.
bool isOrdinaryStore(const Machine &M, const Instruction &I, ArrayRef<Operation> Operations) {
  const MCInstrDesc &D = M.describe(I);
  return D.mayStore() && !D.isCall() && Operations.empty() && M.baseOperand(I) && M.mnemonic(I) != "prfm";
}

class CallReader {
public:
  CallReader(const CodeFile &File, const Machine &M, const CodeFunction &F, FunctionCensus &Out, std::vector<RawCall> &Calls)
      : File(File), M(M), F(F), Out(Out), Calls(Calls) {}

  void visit(const Instruction &I);

private:
  bool named(const Reference &R);
  void at(uint64_t Address);

  const CodeFile &File;
  const Machine &M;
  const CodeFunction &F;
  FunctionCensus &Out;
  std::vector<RawCall> &Calls;
};

/// Returns false if \p R names no function.
bool CallReader::named(const Reference &R) {
  if (R.K != Reference::Address && R.K != Reference::Slot)
    return false;
  if (!R.Undefined)
    if (std::optional<size_t> Local = File.functionAt(R.Section, R.Offset)) {
      Calls.push_back({"", Local});
      return true;
    }
  if (R.Symbol.empty())
    return false;
  Calls.push_back({R.Symbol, std::nullopt});
  return true;
}

void CallReader::at(uint64_t Address) {
  if (Address >= F.Address && Address < F.Address + F.Bytes.size())
    return;
  if (std::optional<size_t> Local = File.functionAt(F.Section, Address))
    Calls.push_back({"", Local});
  else if (!named(File.at(F.Section, Address)))
    ++Out.IndirectJumps;
}

void CallReader::visit(const Instruction &I) {
  const MCInstrDesc &D = M.describe(I);
  if (!D.isCall() && !D.isBranch())
    return;
  if (Reference R = File.relocationIn(F.Section, I.Address, I.Size); R.K != Reference::Nothing) {
    // A branch within the function may be relocated as well.
    if (!R.Undefined && R.Section == F.Section && R.Offset > F.Address && R.Offset < F.Address + F.Bytes.size())
      return;
    // `jmp *table(,%rax,8)` names its table, not its target.
    bool Through = M.baseOperand(I).has_value() && R.K != Reference::Slot;
    if (!Through && named(R))
      return;
  } else if (std::optional<uint64_t> Target = M.branchTarget(I)) {
    if (D.isCall() && *Target == F.Address)
      return;
    return at(*Target);
  } else if (std::optional<uint64_t> Slot = M.isX86() && M.baseOperand(I) ? M.memoryAddress(I) : std::nullopt) {
    if (Reference R = File.at(F.Section, *Slot); R.K == Reference::Slot && named(R))
      return;
  }
  if (D.isCall())
    ++Out.IndirectCalls;
  else if (D.isIndirectBranch())
    ++Out.IndirectJumps;
}

} // namespace

FunctionCensus countFunction(const CodeFile &File, const Machine &M, const CodeFunction &F, std::vector<RawCall> &Calls) {
  FunctionCensus Out;
  Out.Name = F.Name.str();
  Out.IsLocal = F.IsLocal;
  Out.IsWeak = F.IsWeak;
  std::vector<Instruction> Code = decode(File, M, F, Out.Undecoded);
  CallReader Reader(File, M, F, Out, Calls);
  for (const Instruction &I : Code) {
    ++Out.Own[Operation::Instruction];
    for (Operation O : operationsOf(M, I))
      ++Out.Own[O];
    Reader.visit(I);
  }
  if (Code.empty())
    return Out;
  AddressFlow(File, M, F, Code).run([&](const Instruction &I, const AddressFlow::Value &V) {
    if (!isOrdinaryStore(M, I, operationsOf(M, I)))
      return;
    Reference Of = V.K == AddressFlow::Value::Number ? File.at(F.Section, V.Where) : V.Of;
    if (V.K == AddressFlow::Value::Stack || V.K == AddressFlow::Value::Thread || Of.K == Reference::Thread)
      return;
    if (Of.K == Reference::Address && Of.Writable) {
      ++Out.Own[Operation::SharedStore];
      Out.SharedObjects.insert(Of.Symbol);
    } else {
      ++Out.Own[Operation::PointerStore];
    }
  });
  return Out;
}

} // namespace emm::evidence
