//===- passes/model/SourceMap.h - where is this in the source? ------------===//
//
// The only code that asks debug information. Answers in clang's terms, with
// these fallbacks:
//
//   -g                    positions, inline stacks, names of variables, types
//   -gline-tables-only    positions; names of variables from IR value names, else `arg#N` and the type's name
//   none                  no positions: the location has only the source file; names as above
//
// Names and positions get poorer, never wrong.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_PASSES_MODEL_SOURCEMAP_H
#define EMM_PASSES_MODEL_SOURCEMAP_H

#include "passes/model/SourceLines.h"
#include "reports/finding/Finding.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"

#include <optional>

namespace emm {

class SourceMap {
public:
  explicit SourceMap(const llvm::Module &M);

  /// Position of \p I; for code that clang itself inlined (always_inline at -O0 does not happen before the hook) the
  /// outermost position. Only the file when there is no debug location.
  Location location(const llvm::Instruction &I) const;
  Location location(const llvm::DebugLoc &L) const;
  /// Where \p R returns. A result that the epilogue reads back from a local object has no position of its own: clang
  /// places it at the statement or at the closing brace, depending on -O. The function's line stands for it.
  Location returnLocation(const llvm::ReturnInst &R) const;
  /// Where \p F is defined: the line of its name, the column where the source tells; else only the file.
  Location location(const llvm::Function &F) const;
  Location location(const llvm::GlobalVariable &G) const;
  /// Where the variable of \p A or \p Arg is declared.
  Location declaration(const llvm::Value &V) const;

  /// The variable that \p V (an alloca, an argument, a global) holds, in the source's words; `arg#N` for a nameless
  /// argument, the type's name for a nameless alloca, empty when nothing is known. `this` for the implicit parameter.
  std::string name(const llvm::Value &V) const;

  /// The members that the source line at \p L names after \p Name, as in `.stats.hits`; empty when it does not tell.
  std::string membersAfter(const Location &L, llvm::StringRef Name) const;

  /// The local variable's or parameter's debug record for \p V, null without debug information.
  const llvm::DILocalVariable *variable(const llvm::Value &V) const;

  /// Source spelling of a type: `int`, `std::map<int, int>`. Empty when unknown.
  static std::string typeName(const llvm::DIType *T);
  /// The class behind typedefs, qualifiers and one reference, without template arguments: `std::map`. Empty if it is
  /// not a class.
  static std::string className(const llvm::DIType *T);
  /// `std::map` for `%"class.std::__1::map.5"`; empty if \p T is no named structure.
  static std::string className(const llvm::Type *T);

  /// True if \p F is code of the user: not in a system header, not compiler-generated. Without debug information every
  /// function that no library model claims is (the caller asks LibraryModels::isLibrary as well).
  bool isUserCode(const llvm::Function &F) const;
  bool isSystemFile(llvm::StringRef File) const;

  /// The compiler's working directory, absolute; and the main source file as given.
  llvm::StringRef base() const { return Base; }
  llvm::StringRef source() const { return Source; }
  /// How clang would print the file.
  std::string fileName(const llvm::DIFile *F) const;

  /// Files and digests that findings may point into, for the header.
  std::string digest(llvm::StringRef FileName) const;

private:
  /// \p L with the column of \p Name, if the source line has it exactly once.
  Location withColumn(Location L, llvm::StringRef Name) const;
  std::string path(const Location &L) const;
  void indexVariables(const llvm::Function &F) const;

  const llvm::Module &M;
  std::string Base, Source;
  mutable llvm::DenseMap<const llvm::Value *, const llvm::DILocalVariable *> Variables;
  mutable llvm::DenseMap<const llvm::Function *, bool> Indexed;
  mutable llvm::DenseMap<const llvm::DIFile *, std::string> FileNames;
  mutable SourceLines Lines;
};

} // namespace emm

#endif
