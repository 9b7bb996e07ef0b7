//===- reports/evidence/Machine.h - one architecture's instructions -------===//
//
// LLVM's MC layer for x86-64 or AArch64, with the few questions that a census
// of atomic operations asks. Owns all MC objects; instructions are values.
//
// Nothing here depends on opcode numbers, which each LLVM numbers anew: an
// instruction is known by its mnemonic, its operands and its description.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_EVIDENCE_MACHINE_H
#define EMM_REPORTS_EVIDENCE_MACHINE_H

#include "llvm/MC/MCAsmInfo.h"
#include "llvm/MC/MCContext.h"
#include "llvm/MC/MCDisassembler/MCDisassembler.h"
#include "llvm/MC/MCInst.h"
#include "llvm/MC/MCInstPrinter.h"
#include "llvm/MC/MCInstrAnalysis.h"
#include "llvm/MC/MCInstrInfo.h"
#include "llvm/MC/MCRegisterInfo.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/Support/Error.h"
#include "llvm/TargetParser/Triple.h"

#include <memory>
#include <optional>

namespace emm::evidence {

struct Instruction {
  uint64_t Address = 0;
  uint32_t Size = 0;
  bool Locked = false; ///< carries the LOCK prefix, which is part of it
  llvm::MCInst Inst;
};

class Machine {
public:
  /// An error for an architecture other than x86-64 and AArch64.
  static llvm::Expected<std::unique_ptr<Machine>> create(const llvm::Triple &T);

  bool isX86() const { return IsX86; }
  const llvm::MCSubtargetInfo &subtarget() const { return *Subtarget; }
  /// Decodes the first instruction of \p Bytes; false if there is none. Size is never 0.
  bool decode(llvm::ArrayRef<uint8_t> Bytes, uint64_t Address, Instruction &Out) const;

  /// Without operands and blanks: `cmpxchgl`, `ldaddal`.
  llvm::StringRef mnemonic(const Instruction &I) const;
  const llvm::MCInstrDesc &describe(const Instruction &I) const { return Info->get(I.Inst.getOpcode()); }
  llvm::StringRef opcodeName(const Instruction &I) const { return Info->getName(I.Inst.getOpcode()); }
  std::optional<uint64_t> branchTarget(const Instruction &I) const;
  /// The address of a memory operand relative to the program counter.
  std::optional<uint64_t> memoryAddress(const Instruction &I) const;

  /// The index of the register operand that addresses memory, if there is a memory operand.
  std::optional<unsigned> baseOperand(const Instruction &I) const;
  /// True if the memory operand lies in the segment of thread-local variables.
  bool hasThreadSegment(const Instruction &I) const;

  /// The widest register that \p R is part of; 0 for none.
  unsigned whole(unsigned R) const;
  llvm::StringRef registerName(unsigned R) const { return Registers->getName(R); }
  /// Where a call leaves its result.
  unsigned resultRegister() const { return Result; }
  bool isStackRegister(unsigned R) const;
  /// True if callees may change \p R.
  bool isCallClobbered(unsigned R) const;

private:
  Machine() = default;

  bool IsX86 = false;
  unsigned Result = 0;
  std::unique_ptr<llvm::MCRegisterInfo> Registers;
  std::unique_ptr<llvm::MCAsmInfo> Assembly;
  std::unique_ptr<llvm::MCSubtargetInfo> Subtarget;
  std::unique_ptr<llvm::MCInstrInfo> Info;
  std::unique_ptr<llvm::MCInstrAnalysis> Analysis;
  std::unique_ptr<llvm::MCContext> Context;
  std::unique_ptr<llvm::MCDisassembler> Disassembler;
  std::unique_ptr<llvm::MCInstPrinter> Printer;
};

} // namespace emm::evidence

#endif
