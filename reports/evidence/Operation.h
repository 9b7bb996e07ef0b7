//===- reports/evidence/Operation.h - what is counted ---------------------===//
//
// The kinds of operation that show how code synchronises, and their counts. An
// instruction may count as several: `lock cmpxchg` is a Lock and a
// CompareExchange. Ordinary stores have no order of their own and are counted
// by what they address:
//
//   SharedStore   a named object in writable memory that is not thread-local: a
//                 symbol or section of data by relocation, by address, or by a
//                 register that holds such an address on every path
//   PointerStore  memory behind a pointer of which nothing is known
//
// Stores to the stack and to thread-local variables count as neither. On x86-64
// a release store and a relaxed one are ordinary stores and are counted so.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_EVIDENCE_OPERATION_H
#define EMM_REPORTS_EVIDENCE_OPERATION_H

#include "reports/evidence/Machine.h"

#include "llvm/ADT/SmallVector.h"

#include <array>

namespace emm::evidence {

enum class Operation : uint8_t {
  Instruction,
  Lock,            ///< x86: LOCK prefix
  CompareExchange, ///< x86: locked cmpxchg; AArch64: cas, casp
  Exchange,        ///< x86: xchg with memory, locked without a prefix; AArch64: swp
  ReadModifyWrite, ///< x86: any other locked instruction; AArch64: ldadd, ldclr, ldeor, ldset, minimum and maximum
  Fence,           ///< x86: mfence, lfence, sfence, and a locked instruction that changes nothing on the stack
  ExclusiveLoad,   ///< AArch64: ldxr, ldaxr and their kind
  ExclusiveStore,  ///< AArch64: stxr, stlxr and their kind
  AcquireLoad,     ///< AArch64: ldar, ldapr
  ReleaseStore,    ///< AArch64: stlr
  SharedStore,
  PointerStore,
};

inline constexpr unsigned NumOperations = unsigned(Operation::PointerStore) + 1;

struct OperationInfo {
  const char *Key;    ///< in JSON
  const char *Column; ///< in text
};
const OperationInfo &operationInfo(Operation O);

struct Counts {
  std::array<uint64_t, NumOperations> N{};

  uint64_t &operator[](Operation O) { return N[unsigned(O)]; }
  uint64_t operator[](Operation O) const { return N[unsigned(O)]; }
  void add(const Counts &Other) {
    for (unsigned I = 0; I < NumOperations; ++I)
      N[I] += Other.N[I];
  }
};

/// What \p I is besides an instruction; ordinary stores are not told here.
llvm::SmallVector<Operation, 2> operationsOf(const Machine &M, const Instruction &I);

/// AArch64 code for any processor calls the compiler's library for its atomic operations: what `__aarch64_cas4_acq`
/// and its kind do.
std::optional<Operation> outlinedOperation(llvm::StringRef Function);

} // namespace emm::evidence

#endif
