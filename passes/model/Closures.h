//===- passes/model/Closures.h - lambda objects in the IR -----------------===//
//
// A lambda's object is a local of a class that clang calls `class.anon`. Its
// call operator is `operator()` of a class whose mangled name is an unnamed
// type (`UlvE_`, `$_0`) local to the function that creates it; the two are
// joined by the type that the operator's body reads its captures through.
//
// SROA would split the objects into scalars as soon as they are passed by value,
// and with them the knowledge that a closure is passed. pin() keeps them whole
// on a private copy of the module: their accesses are volatile until unpin().
//
//===----------------------------------------------------------------------===//

#ifndef EMM_PASSES_MODEL_CLOSURES_H
#define EMM_PASSES_MODEL_CLOSURES_H

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/IR/DerivedTypes.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"

#include <string>
#include <vector>

namespace emm {

bool isClosureType(const llvm::Type *T);
/// True if the unit creates or receives a closure.
bool hasClosures(const llvm::Module &M);

void pinClosures(llvm::Module &M);
void unpinClosures(llvm::Module &M);

/// One lambda of the unit.
struct Closure {
  const llvm::Function *Operator = nullptr; ///< its call operator; the first instance of a generic lambda
  const llvm::StructType *Type = nullptr;   ///< null when nothing is captured and the operator does not say
  std::string ClassName;                    ///< mangled, as it stands inside other mangled names
  std::string Creator;                      ///< canonical name of the function around it
};

/// The lambdas of a module, by type and by operator. Built once.
class ClosureIndex {
public:
  explicit ClosureIndex(const llvm::Module &M);
  llvm::ArrayRef<Closure> all() const { return Closures; }
  const Closure *byType(const llvm::Type *T) const;
  const Closure *byOperator(const llvm::Function &F) const;
  /// The closure whose class is part of \p Callee's mangled name; for objects without captures.
  const Closure *byMention(llvm::StringRef CalleeName) const;

private:
  std::vector<Closure> Closures;
  llvm::DenseMap<const llvm::Type *, unsigned> Types;
  llvm::DenseMap<const llvm::Function *, unsigned> Operators;
};

/// The mangled class of the closure that \p Operator belongs to, or empty: `Z4mainE3$_0` for `_ZZ4mainENK3$_0clEv`.
std::string closureClass(llvm::StringRef Operator);

} // namespace emm

#endif
