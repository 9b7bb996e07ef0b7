//===- passes/race/DocumentThreads.cpp - starts, joins, waits --------------===//

#include "passes/race/DocumentWriter.h"

#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace emm::race {

namespace {
constexpr size_t MaxTold = 1u << 17; ///< blocks of a function times its calls that are asked what their results tell
} // namespace

/// Callees have documents of their own, and what an entry calls in turn is found again in the merge.
bool DocumentWriter::isOwn(const FunctionAnalysis::StartEvent &E) const {
  return !E.Lifted && !E.Layer && !E.T.Sites.empty() && E.T.Sites.front()->getFunction() == &F;
}

void DocumentWriter::addStarts() {
  for (const FunctionAnalysis::StartEvent &E : A.Starts) {
    const ThreadStart &T = E.T;
    if (!isOwn(E))
      continue;
    std::string Entry = T.PendingEntry ? place(T.PendingEntry) : T.Entry ? symbol('F', 'f', *T.Entry) : "?";
    if (Entry == "?")
      continue;
    std::string Flags;
    Flags += T.Waits ? "w" : "";
    Flags += T.WaitsAtEnd ? "e" : "";
    Flags += T.Several ? "s" : "";
    Flags += T.Tells == StartTells::Zero ? "z" : "";
    std::string Text = Entry + optional('f', Flags) + optional('h', places(T.Handles));
    PlaceSet Fresh;
    const std::vector<PlaceSet> &Arguments = T.PendingEntry ? T.PendingArguments : T.Arguments;
    for (const PlaceSet &Given : Arguments)
      for (PlaceId P : Given)
        if (T.Several && isHandedOn(P) && const_cast<FunctionAnalysis &>(A).isFreshPerStart(U.Places.rootPlace(P), E))
          U.Places.insert(Fresh, U.Places.rootPlace(P));
    Text += optional('n', places(Fresh)) + arguments(Arguments);
    Acts = true;
    add(*E.At, 's', Text, T.Sites);
  }
}

void DocumentWriter::addJoins() {
  auto &Mutable = const_cast<FunctionAnalysis &>(A);
  const Instruction *FirstStart = A.Starts.empty() ? nullptr : A.Starts.front().At;
  for (const FunctionAnalysis::JoinEvent &J : A.Joins) {
    if (CallNumbers.count(J.At))
      continue;
    SmallPtrSet<const Instruction *, 4> Barriers;
    Mutable.addJoinBarriers(J, FirstStart, Barriers);
    Acts = true;
    // In any order: each is kept at its own instruction.
    for (const Instruction *I : Barriers)
      add(*I, 'j', place(J.Handle), {J.At});
  }
  for (const FunctionAnalysis::JoinEvent &E : A.Ends)
    if (!CallNumbers.count(E.At))
      add(*E.At, 'j', place(E.Handle) + " f=e", {E.At});
  for (const FunctionAnalysis::OrderEvent &O : A.Orders) {
    if (CallNumbers.count(O.At))
      continue;
    if (O.Atomic) {
      // Only a loop that waits for the value.
      if (!(isa<LoadInst>(O.At) || isa<CallBase>(O.At)) || !Mutable.freelyAfter(*O.At).startsAgain())
        continue;
      add(*Mutable.loopBarrier(*O.At, FirstStart), 'q', place(O.Object) + (O.Weak ? " f=ax" : " f=a"), {O.At});
      continue;
    }
    Acts = true;
    add(*O.At, 'q', place(O.Object), {O.At});
  }
}

/// Waits that end only when somebody wakes, and who does.
void DocumentWriter::addGates() {
  for (const FunctionAnalysis::AwaitEvent &E : A.Awaits)
    if (E.Object && !E.Polls && !CallNumbers.count(E.At))
      add(*E.At, 'q', place(E.Object) + (E.Condition ? " f=gk" : " f=g"), {E.At});
  for (const FunctionAnalysis::WakeEvent &E : A.Wakes)
    if (E.Object && !E.Release && !CallNumbers.count(E.At))
      add(*E.At, 'q', place(E.Object) + " f=o" + optional('l', locks(E.Locks)), {E.At});
}

void DocumentWriter::addTold() {
  auto &Mutable = const_cast<FunctionAnalysis &>(A);
  bool Answers = F.getReturnType()->isIntegerTy();
  for (size_t N = 0; N < A.Starts.size(); ++N) {
    const FunctionAnalysis::StartEvent &E = A.Starts[N];
    if (!isOwn(E) || !A.Overlaps[N])
      continue;
    Told &T = Results[E.At];
    if (const auto *Call = dyn_cast<CallBase>(E.At))
      T.Forks = forksOn(*Call);
    const Overlap &After = A.Overlaps[N]->outlivesFunction() ? *A.Overlaps[N] : *A.Unsignalled[N];
    if (Answers && After.outlivesFunction())
      T.Answers[E.T.Tells == StartTells::Nothing ? 2 : E.T.Tells == StartTells::Zero ? 0 : 1] =
          toldByResult(F, *E.At, E.T.Tells, After);
  }
  // Whether a call starts a thread is known to the merge.
  size_t Work = 0;
  for (const FunctionAnalysis::CallEvent &E : A.Calls) {
    const auto *Call = dyn_cast<CallBase>(E.At);
    if (!Call || !Call->getType()->isIntegerTy() || !At.count(E.At) || Results.count(Call))
      continue;
    Told T;
    T.Forks = forksOn(*Call);
    if (Answers && (Work += F.size()) < MaxTold && !(T.Forks.empty() && Call->use_empty())) {
      SmallPtrSet<const Instruction *, 4> Barriers(A.NoReturns.begin(), A.NoReturns.end());
      for (StartTells Tells : {StartTells::Zero, StartTells::NonZero}) {
        Overlap After(*Call, Barriers, &Mutable.dominators(), Tells);
        T.Answers[Tells != StartTells::Zero] = toldByResult(F, *Call, Tells, After);
      }
    }
    Results[Call] = std::move(T);
  }
}

} // namespace emm::race
