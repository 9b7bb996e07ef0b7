//===- passes/model/LibraryModels.h - what library functions mean ---------===//
//
// Library knowledge is data: passes/models/*.yaml says which functions allocate,
// take locks, start threads, read or write maps, keep their arguments or call
// them. A function is matched by its demangled (context, base name) with
// template arguments, ABI tags and inline namespaces erased: `std::map` and
// `operator[]`. Never by mangled prefixes.
//
// The shipped models are compiled into a constant table when emm is built, so
// that a compile pays for a look-up only; files named in `.emm.yaml` are read
// with yaml-cpp and take precedence, as does `annotate("emm:...")` on the
// function itself.
//
// Argument numbers are those of the source: 0 is `this` in a member function,
// and a hidden return slot (sret) does not count. Classified functions adjust
// for it: use argOperand(). The schema is described in passes/models/README.md.
//
// A C function that the module itself defines is the program's own, whatever
// its name: no shipped model speaks for it. A definition that is only
// `available_externally` does not count, it exists at -O1 and up only.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_PASSES_MODEL_LIBRARYMODELS_H
#define EMM_PASSES_MODEL_LIBRARYMODELS_H

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <memory>
#include <string>

namespace emm {

/// One thing that a call does. A function may do several (a map's operator[] writes the structure and returns a
/// reference into it).
enum class Effect : uint8_t {
  // Storage
  Allocate,     ///< result is new storage; A = argument with the size in bytes, B = argument with a count, -1 = none;
                ///< Text = spelling for messages (`malloc`); on a constructor-like factory, Text = `std::make_unique`
  Free,         ///< argument A is released
  MakeMap,      ///< result is a new map of the bundled runtime; A = argument with the hint or -1
  // Locks
  Acquire,      ///< lock at argument A, Mode
  Release,      ///< lock at argument A
  TryAcquire,   ///< lock at argument A, Mode; held on the edge where the result is (B = value of success: 0 or 1)
  GuardCtor,    ///< guard object A takes lock B (Mode); Text: `` plain, `defer`, `adopt`, `try`
  GuardDtor,    ///< guard object A releases what it owns
  GuardLock,    ///< guard object A locks its mutex
  GuardUnlock,  ///< guard object A unlocks its mutex
  GuardTryLock, ///< as TryAcquire through guard A
  GuardRelease, ///< guard object A forgets its mutex without unlocking
  GuardMove,    ///< guard object A takes over the state of guard B
  CondWait,     ///< waits on a condition with the lock (or guard) at argument B held again on return
  LockAll,      ///< std::lock: acquires every argument
  // Threads
  Spawn,        ///< starts a thread: entry at argument A, its arguments from B on, handle at argument C
                ///< (ResultArgument: the result; -1: none, the call itself waits for many threads); Mode = Write: the
                ///< handle's destructor waits for the thread; Text = spelling for messages
  SpawnClosure, ///< as Spawn where A is a callable object passed by reference and may be copied
  Join,         ///< waits for the thread of handle A
  Detach,       ///< handle A no longer joins
  HandleDtor,   ///< destructor of a handle that joins (jthread, async's future) when Mode = Write, else terminates
  HandleMove,   ///< handle A takes over the thread of handle B
  Once,         ///< runs the callable at argument A once, under the flag at argument B
  WeakOrder,    ///< orders accesses in a way that is not tracked (latch, barrier, semaphore, promise, condition)
  Await,        ///< returns only once a Wake of A was given, or what it stands for had happened before
  Wake,         ///< lets those go on who wait for A
  // Containers; A = the container
  MapRead,      ///< reads the structure
  MapWrite,     ///< may change the structure; Text: what it ends the life of, `` nothing, `erased` (the element or
                ///< iterator at argument B), `iterators` (may rehash: iterators, not references), `all`
  MapIterate,   ///< begins or continues an iteration: a long read
  MapCtor,      ///< constructs; no other thread can have it yet
  MapDtor,
  // Other objects whose members are not followed one by one (vectors, strings, smart pointers); A = the object
  ObjectRead,
  ObjectWrite,
  // Atomics; A = the object, B = argument with the memory order or -1 (sequentially consistent)
  AtomicLoad,
  AtomicStore,
  AtomicRmw,
  // Value flow
  NoRetain,     ///< argument A is not kept after the call (-1: none of the arguments)
  Retain,       ///< argument A reaches the heap
  StoreInto,    ///< argument A plus C loads (0 = the pointer itself, 1 = what it points to) is kept in the object B
  ReturnArg,    ///< the result is argument A plus C loads (0 = the pointer itself)
  ReturnElement,///< the result points into storage owned by argument A
  CallArg,      ///< calls the callable at argument A, does not keep it; its arguments come from B on (-1: unknown)
  KeepCallable, ///< object B will call the callable at argument A, or (C = 1) what the like object at argument A keeps
  NoReturn,
  Leave, ///< does not return, and the program goes on elsewhere: longjmp, pthread_exit
};

enum class LockMode : uint8_t { Write, Read };

/// Stands for the result of the call where an argument number is expected.
inline constexpr int ResultArgument = -2;

struct EffectRow {
  Effect E;
  int8_t A = -1, B = -1, C = -1;
  LockMode Mode = LockMode::Write;
  llvm::StringRef Text; ///< spelling or flavour, see Effect; lives as long as the models
};

/// What is known of one function. Empty rows: nothing, but the function is known (`known: true` in the model).
struct FunctionModel {
  llvm::SmallVector<EffectRow, 2> Rows;

  const EffectRow *find(Effect E) const {
    for (const EffectRow &R : Rows)
      if (R.E == E)
        return &R;
    return nullptr;
  }
};

/// Looks functions up, once each. Not thread-safe: one per module.
class LibraryModels {
public:
  /// \p ExtraFiles are model files to add, in order of increasing precedence. An unreadable or wrong file is an
  /// error with file, line and the nearest valid key.
  static llvm::Expected<std::unique_ptr<LibraryModels>> create(llvm::ArrayRef<std::string> ExtraFiles);
  ~LibraryModels();

  /// The model of \p F, or null if none is known. Cached.
  const FunctionModel *lookup(const llvm::Function &F);

  /// The model of the callee of \p Call if it is known statically.
  const FunctionModel *lookup(const llvm::CallBase &Call) {
    const llvm::Function *F = Call.getCalledFunction();
    return F ? lookup(*F) : nullptr;
  }

  /// True if \p F belongs to a library whose code is analysed but never reported (`library:` in the models: std,
  /// __gnu_cxx, ...), judged by its demangled context. Closures defined in user code are user code even where
  /// their name stands inside a template argument.
  bool isLibrary(const llvm::Function &F);

  /// True if \p Context names a map-like container that the models describe (`std::map`, `emm::map`); the source
  /// spelling without template arguments.
  bool isMapType(llvm::StringRef Context) const;

  /// True if \p QualifiedName (of a type, a function) stands in one of the namespaces that isLibrary speaks of.
  bool isLibraryName(llvm::StringRef QualifiedName) const;

  /// `context::name` with template arguments erased, cached; the plain name for C functions.
  llvm::StringRef qualifiedName(const llvm::Function &F);

private:
  LibraryModels();
  struct Impl;
  std::unique_ptr<Impl> I;
};

/// The call's operand for argument number \p N of the source, or null when there is none.
llvm::Value *argOperand(const llvm::CallBase &Call, int N);

} // namespace emm

#endif
