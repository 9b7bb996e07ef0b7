//===- passes/race/Concurrency.cpp - the order of the work ----------------===//
//
// Analyses functions callees first, in every unit: another one may start the
// threads that run them. Reports only where the unit itself starts threads, or
// writes a map under a shared lock.
//
//===----------------------------------------------------------------------===//

#include "passes/race/FunctionAnalysis.h"
#include "passes/race/LocalRules.h"
#include "passes/race/ModulePairs.h"
#include "passes/race/Report.h"
#include "passes/race/SummaryWriter.h"

#include "llvm/ADT/SetVector.h"
#include "llvm/IR/InstIterator.h"

using namespace llvm;

namespace emm::race {

namespace {

struct Interest {
  bool Threads = false, Locks = false, SharedLocks = false, MapWrites = false;
  /// Without a thread in sight only a map that is written under a shared lock is reported.
  bool any() const { return Threads || (SharedLocks && MapWrites); }
};

Interest scan(AnalysisContext &C) {
  Interest Out;
  for (const Function &F : C.M) {
    if (F.isIntrinsic() || F.use_empty())
      continue;
    const FunctionModel *Model = C.Models.lookup(F);
    if (!Model)
      continue;
    for (const EffectRow &R : Model->Rows) {
      Out.Threads |= R.E == Effect::Spawn || R.E == Effect::SpawnClosure;
      Out.SharedLocks |= (R.E == Effect::Acquire || R.E == Effect::GuardCtor) && R.Mode == LockMode::Read;
      Out.Locks |= R.E == Effect::Acquire || R.E == Effect::GuardCtor;
      Out.MapWrites |= R.E == Effect::MapWrite;
    }
  }
  return Out;
}

/// True if \p F itself takes or releases a lock of a library.
bool locks(Unit &U, const Function &F) {
  for (const Instruction &I : instructions(F))
    if (const auto *Call = dyn_cast<CallBase>(&I))
      if (const Function *G = calleeOf(*Call); G && !G->isIntrinsic())
        if (const FunctionModel *M = U.model(*G))
          if (M->find(Effect::Acquire) || M->find(Effect::Release))
            return true;
  return false;
}

/// Functions with a body, callees and thread entries before those that reach them. Iterative: call chains are deep.
std::vector<const Function *> bottomUp(Unit &U) {
  const Module &M = U.C.M;
  std::vector<const Function *> Out;
  DenseMap<const Function *, bool> Seen;
  struct Visit {
    const Function *F;
    SmallVector<const Function *, 8> References;
    size_t Next = 0;
  };
  std::vector<Visit> Stack;
  auto Enter = [&](const Function &F) {
    if (!hasBody(F) || !Seen.try_emplace(&F, true).second)
      return;
    Visit V{&F, {}, 0};
    SmallSetVector<const Function *, 8> References;
    for (const Instruction &I : instructions(F)) {
      forEachReference(I, [&](const Function &G) {
        if (hasBody(G))
          References.insert(&G);
      });
      if (const auto *Call = dyn_cast<CallBase>(&I); Call && !calleeOf(*Call))
        for (const Function *G : U.Tables.mayReach(*Call))
          if (hasBody(*G) && locks(U, *G))
            References.insert(G);
    }
    V.References.assign(References.begin(), References.end());
    Stack.push_back(std::move(V));
  };
  for (const Function &Root : M) {
    Enter(Root);
    while (!Stack.empty()) {
      Visit &Top = Stack.back();
      if (Top.Next < Top.References.size()) {
        Enter(*Top.References[Top.Next++]);
        continue;
      }
      Out.push_back(Top.F);
      Stack.pop_back();
    }
  }
  return Out;
}

} // namespace

} // namespace emm::race

void emm::analyseConcurrency(AnalysisContext &C) {
  using namespace race;
  Interest What = scan(C);
  Unit U(C);
  ThreadEntries Entries(U);
  U.Entries = &Entries;
  if (What.Locks || What.MapWrites)
    for (const Function &F : C.M)
      if (hasBody(F))
        checkLocally(U, F);
  SummaryWriter Writer(U);
  U.Writer = &Writer;
  std::vector<const Function *> Functions = bottomUp(U);
  for (const Function *F : Functions)
    if (!U.model(*F) || U.usesBody(*F))
      FunctionAnalysis(U, Entries, *F).run(U.createSummary(*F));
  if (What.Threads)
    findModuleConflicts(U, Functions);
  if (What.any())
    reportConflicts(U);
  Writer.finish(C.Summaries);
}
