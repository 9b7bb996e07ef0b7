//===- reports/evidence/AddressFlow.h - what a store addresses ------------===//
//
// A forward dataflow over one function's registers: which hold the stack, the
// address of a named object, or a number. Where paths meet with different
// values, and after calls for the registers that callees may change, a register
// is unknown. Values are followed through copies, additions of constants and
// the address-forming instructions, never through memory.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_EVIDENCE_ADDRESSFLOW_H
#define EMM_REPORTS_EVIDENCE_ADDRESSFLOW_H

#include "reports/evidence/CodeFile.h"
#include "reports/evidence/Machine.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace emm::evidence {

class AddressFlow {
public:
  struct Value {
    enum Kind : uint8_t { Unknown, Stack, Thread, Named, Number } K = Unknown;
    Reference Of;        ///< Named
    uint64_t Where = 0; ///< Number: an address of a linked file

    bool operator==(const Value &O) const { return K == O.K && Of == O.Of && Where == O.Where; }
  };

  AddressFlow(const CodeFile &File, const Machine &M, const CodeFunction &F, llvm::ArrayRef<Instruction> Code)
      : File(File), M(M), F(F), Code(Code) {}

  /// Calls \p Visit for each instruction with a memory operand, in order, with what the operand addresses.
  void run(llvm::function_ref<void(const Instruction &, const Value &)> Visit);

private:
  using State = std::map<unsigned, Value>; ///< by widest register; those not in it are unknown

  Value addressed(const Instruction &I, const State &S) const;
  Value of(unsigned Register, const State &S) const;
  Value added(Value V, int64_t Bytes) const;
  Value result(const Instruction &I, const State &S) const;
  bool callsThreadStorage(const Instruction &I) const;
  void step(const Instruction &I, State &S) const;

  const CodeFile &File;
  const Machine &M;
  const CodeFunction &F;
  llvm::ArrayRef<Instruction> Code;
};

} // namespace emm::evidence

#endif
