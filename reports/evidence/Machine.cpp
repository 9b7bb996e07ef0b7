//===- reports/evidence/Machine.cpp ---------------------------------------===//

#include "reports/evidence/Machine.h"

#include "llvm/Config/llvm-config.h"
#include "llvm/MC/MCTargetOptions.h"
#include "llvm/MC/TargetRegistry.h"

// The four of each target that a disassembler needs; the headers that declare them for all targets come with every one.
extern "C" {
void LLVMInitializeX86TargetInfo();
void LLVMInitializeX86TargetMC();
void LLVMInitializeX86Disassembler();
void LLVMInitializeAArch64TargetInfo();
void LLVMInitializeAArch64TargetMC();
void LLVMInitializeAArch64Disassembler();
}

using namespace llvm;

namespace emm::evidence {

static void initialise() {
  static const bool Done = [] {
    LLVMInitializeX86TargetInfo();
    LLVMInitializeX86TargetMC();
    LLVMInitializeX86Disassembler();
    LLVMInitializeAArch64TargetInfo();
    LLVMInitializeAArch64TargetMC();
    LLVMInitializeAArch64Disassembler();
    return true;
  }();
  (void)Done;
}

Expected<std::unique_ptr<Machine>> Machine::create(const Triple &T) {
  if (T.getArch() != Triple::x86_64 && T.getArch() != Triple::aarch64)
    return createStringError(inconvertibleErrorCode(), "code for %s: x86-64 and AArch64 can be read",
                             T.getArchName().str().c_str());
  initialise();
#if LLVM_VERSION_MAJOR >= 22
  const Triple &Name = T;
#else
  const std::string Name = T.str();
#endif
  auto Missing = [&] {
    return createStringError(inconvertibleErrorCode(), "this LLVM cannot disassemble %s", T.getArchName().str().c_str());
  };
  std::string Why;
  const Target *Target = TargetRegistry::lookupTarget(Name, Why);
  if (!Target)
    return Missing();
  std::unique_ptr<Machine> M(new Machine);
  M->IsX86 = T.getArch() == Triple::x86_64;
  MCTargetOptions Options;
  M->Registers.reset(Target->createMCRegInfo(Name));
  if (!M->Registers)
    return Missing();
  for (unsigned R = 1; R < M->Registers->getNumRegs(); ++R)
    if (M->registerName(R) == (M->IsX86 ? "RAX" : "X0"))
      M->Result = R;
  M->Assembly.reset(Target->createMCAsmInfo(*M->Registers, Name, Options));
  // Every extension: code is read, not judged for a processor.
  M->Subtarget.reset(Target->createMCSubtargetInfo(Name, "", M->IsX86 ? "" : "+all"));
  M->Info.reset(Target->createMCInstrInfo());
  if (!M->Assembly || !M->Subtarget || !M->Info)
    return Missing();
  M->Analysis.reset(Target->createMCInstrAnalysis(M->Info.get()));
  M->Context = std::make_unique<MCContext>(T, M->Assembly.get(), M->Registers.get(), M->Subtarget.get());
  M->Disassembler.reset(Target->createMCDisassembler(*M->Subtarget, *M->Context));
  M->Printer.reset(Target->createMCInstPrinter(T, 0, *M->Assembly, *M->Info, *M->Registers));
  if (!M->Analysis || !M->Disassembler || !M->Printer)
    return Missing();
  return M;
}

bool Machine::decode(ArrayRef<uint8_t> Bytes, uint64_t Address, Instruction &Out) const {
  Out = Instruction();
  Out.Address = Address;
  uint64_t Size = 0, Prefix = 0;
  auto Status = Disassembler->getInstruction(Out.Inst, Size, Bytes, Address, nulls());
  // LLVM gives the prefix as an instruction of its own.
  if (IsX86 && Status != MCDisassembler::Fail && Size == 1 && Bytes[0] == 0xf0 && Bytes.size() > 1) {
    Out.Locked = true;
    Prefix = 1;
    Out.Inst = MCInst();
    Status = Disassembler->getInstruction(Out.Inst, Size, Bytes.drop_front(), Address + 1, nulls());
  }
  Out.Size = uint32_t(std::max<uint64_t>(Size + Prefix, IsX86 ? 1 : 4));
  return Status != MCDisassembler::Fail && Out.Size <= Bytes.size();
}

StringRef Machine::mnemonic(const Instruction &I) const {
#if LLVM_VERSION_MAJOR >= 22
  const char *Text = Printer->getMnemonic(I.Inst).first;
#else
  const char *Text = Printer->getMnemonic(&I.Inst).first;
#endif
  return Text ? StringRef(Text).trim() : StringRef();
}

std::optional<uint64_t> Machine::branchTarget(const Instruction &I) const {
  uint64_t Target = 0;
  if (Analysis->evaluateBranch(I.Inst, I.Address, I.Size, Target))
    return Target;
  return std::nullopt;
}

std::optional<uint64_t> Machine::memoryAddress(const Instruction &I) const {
  return Analysis->evaluateMemoryOperandAddress(I.Inst, Subtarget.get(), I.Address, I.Size);
}

std::optional<unsigned> Machine::baseOperand(const Instruction &I) const {
  const MCInstrDesc &D = describe(I);
  if (IsX86) {
    // Base, scale, index, displacement, segment: the first of the five is the base. Only lea does not mark them.
    if (opcodeName(I).starts_with("LEA") && I.Inst.getNumOperands() == 6)
      return I.Inst.getOperand(1).isReg() ? std::optional(1u) : std::nullopt;
    for (unsigned N = 0; N < D.getNumOperands() && N < I.Inst.getNumOperands(); ++N)
      if (D.operands()[N].OperandType == MCOI::OPERAND_MEMORY)
        return I.Inst.getOperand(N).isReg() ? std::optional(N) : std::nullopt;
    return std::nullopt;
  }
  // Only the base may be the stack pointer; written back, it also stands among the results.
  if (!D.mayLoad() && !D.mayStore())
    return std::nullopt;
  for (unsigned N = std::min<unsigned>(D.getNumOperands(), I.Inst.getNumOperands()); N-- > 0;) {
    int Class = D.operands()[N].RegClass;
    if (Class >= 0 && I.Inst.getOperand(N).isReg() &&
        StringRef(Registers->getRegClassName(&Registers->getRegClass(Class))).starts_with("GPR64sp"))
      return N;
  }
  return std::nullopt;
}

bool Machine::hasThreadSegment(const Instruction &I) const {
  std::optional<unsigned> Base = IsX86 ? baseOperand(I) : std::nullopt;
  if (!Base || *Base + 4 >= I.Inst.getNumOperands() || !I.Inst.getOperand(*Base + 4).isReg())
    return false;
  unsigned Segment = I.Inst.getOperand(*Base + 4).getReg();
  return Segment && (registerName(Segment) == "FS" || registerName(Segment) == "GS");
}

unsigned Machine::whole(unsigned R) const {
  if (!R)
    return 0;
  for (auto Super : Registers->superregs(R))
    if (StringRef Name = registerName(Super); IsX86 ? Name.starts_with("R") : Name.starts_with("X"))
      // Pairs and tuples contain several registers; the single one is wanted.
      if (!Name.contains('_'))
        return Super;
  return R;
}

bool Machine::isStackRegister(unsigned R) const {
  StringRef Name = registerName(whole(R));
  return IsX86 ? Name == "RSP" : Name == "SP";
}

bool Machine::isCallClobbered(unsigned R) const {
  StringRef Name = registerName(R);
  if (IsX86)
    return Name != "RBX" && Name != "RBP" && Name != "RSP" && Name != "R12" && Name != "R13" && Name != "R14" && Name != "R15";
  unsigned N;
  if (Name == "SP" || Name == "FP")
    return false;
  return !Name.consume_front("X") || Name.getAsInteger(10, N) || N < 19 || N > 28;
}

} // namespace emm::evidence
