//===- passes/race/FunctionTables.h - calls through tables of functions ---===//
//
// Programs in C keep functions in tables: structures of pointers, filled from
// constants (`static const struct methods posix = {…}`) or by assignment. A call
// of what a field holds may reach every function that the module puts into this
// field of this structure type. Functions that other modules put there are not
// known: the answer is "some of the targets", never "all".
//
// Made on the first question, linear in the module.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_PASSES_RACE_FUNCTIONTABLES_H
#define EMM_PASSES_RACE_FUNCTIONTABLES_H

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/DerivedTypes.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Module.h"

#include <optional>

namespace emm::race {

class FunctionTables {
public:
  explicit FunctionTables(const llvm::Module &M) : M(M) {}

  /// Functions that \p Call, a call of a loaded pointer, may reach; in the order of the module, empty when unknown.
  llvm::ArrayRef<const llvm::Function *> mayReach(const llvm::CallBase &Call);

private:
  using Field = std::pair<const llvm::StructType *, uint64_t>;

  void read();
  void readInitialiser(const llvm::Constant &K);
  std::optional<Field> fieldAt(const llvm::Value &Pointer) const;
  std::optional<Field> fieldIn(llvm::Type *T, uint64_t Bytes) const;
  void add(Field F, const llvm::Function &Target);

  const llvm::Module &M;
  bool Read = false;
  llvm::DenseMap<Field, llvm::SmallVector<const llvm::Function *, 2>> Targets;
};

} // namespace emm::race

#endif
