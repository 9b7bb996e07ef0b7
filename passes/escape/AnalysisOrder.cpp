//===- passes/escape/AnalysisOrder.cpp - components of calls and addresses ===//

#include "passes/escape/AnalysisOrder.h"

#include "llvm/ADT/GraphTraits.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SCCIterator.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/InstIterator.h"

#include <deque>

using namespace llvm;

namespace emm {

/// A function with a body or a constant that holds addresses.
struct Dependent {
  const GlobalValue *V = nullptr;
  unsigned Number = 0;
  SmallVector<Dependent *, 4> On;
};

} // namespace emm

template <> struct llvm::GraphTraits<emm::Dependent *> {
  using NodeRef = emm::Dependent *;
  using ChildIteratorType = SmallVectorImpl<emm::Dependent *>::iterator;
  static NodeRef getEntryNode(NodeRef N) { return N; }
  static ChildIteratorType child_begin(NodeRef N) { return N->On.begin(); }
  static ChildIteratorType child_end(NodeRef N) { return N->On.end(); }
};

namespace emm {

namespace {

class Graph {
public:
  void addModule(const Module &M, const ClosureFacts *Closures) {
    for (const Function &F : M)
      if (!F.isDeclaration())
        node(F);
    for (const Function &F : M)
      if (!F.isDeclaration())
        addFunction(F, Closures);
    // Constants come up while their users are read.
    for (size_t I = 0; I != Nodes.size(); ++I)
      if (const auto *GV = dyn_cast<GlobalVariable>(Nodes[I].V))
        addMentions(Nodes[I], *GV->getInitializer());
    finish();
  }

  /// Only the direct calls among \p Members.
  void addCalls(ArrayRef<const Function *> Members) {
    for (const Function *F : Members)
      node(*F);
    for (const Function *F : Members)
      for (const Instruction &I : instructions(*F))
        if (const auto *Call = dyn_cast<CallBase>(&I))
          if (const auto *Callee = dyn_cast<Function>(Call->getCalledOperand()->stripPointerCastsAndAliases()))
            if (auto It = Numbers.find(Callee); It != Numbers.end())
              node(*F).On.push_back(&Nodes[It->second]);
    finish();
  }

  Dependent *root() { return &Root; }

private:
  Dependent &node(const GlobalValue &V) {
    auto [It, New] = Numbers.try_emplace(&V, Nodes.size());
    if (New) {
      Nodes.emplace_back();
      Nodes.back().V = &V;
      Nodes.back().Number = It->second;
    }
    return Nodes[It->second];
  }

  void addFunction(const Function &F, const ClosureFacts *Closures) {
    Dependent &N = node(F);
    for (const Instruction &I : instructions(F)) {
      for (const Use &U : I.operands())
        if (const auto *C = dyn_cast<Constant>(U))
          addMentions(N, *C);
      if (const auto *A = dyn_cast<AllocaInst>(&I); A && Closures)
        if (const Closure *Cl = Closures->Index.byType(A->getAllocatedType()))
          N.On.push_back(&node(*Cl->Operator));
    }
  }

  void addMentions(Dependent &N, const Constant &C) {
    SmallVector<const Constant *, 8> Work = {&C};
    SmallPtrSet<const Constant *, 8> Seen;
    while (!Work.empty()) {
      const Constant *Next = Work.pop_back_val();
      if (isa<ConstantData>(Next) || !Seen.insert(Next).second)
        continue;
      if (const auto *F = dyn_cast<Function>(Next)) {
        if (!F->isDeclaration())
          N.On.push_back(&node(*F));
      } else if (const auto *GV = dyn_cast<GlobalVariable>(Next)) {
        if (GV->isConstant() && GV->hasDefinitiveInitializer() && !isa<ConstantData>(GV->getInitializer()))
          N.On.push_back(&node(*GV));
      } else {
        for (const Use &U : Next->operands())
          if (const auto *O = dyn_cast<Constant>(U))
            Work.push_back(O);
      }
    }
  }

  void finish() {
    for (Dependent &N : Nodes) {
      llvm::sort(N.On, [](const Dependent *A, const Dependent *B) { return A->Number < B->Number; });
      N.On.erase(llvm::unique(N.On), N.On.end());
      Root.On.push_back(&N);
    }
  }

  std::deque<Dependent> Nodes;
  DenseMap<const GlobalValue *, unsigned> Numbers;
  Dependent Root;
};

} // namespace

static void visitComponents(Graph &G, function_ref<void(FunctionGroup &)> Visit) {
  for (auto It = scc_begin(G.root()); !It.isAtEnd(); ++It) {
    FunctionGroup Group;
    SmallVector<Dependent *, 4> Functions;
    for (Dependent *N : *It)
      if (isa_and_nonnull<Function>(N->V))
        Functions.push_back(N);
    if (Functions.empty())
      continue;
    llvm::sort(Functions, [](const Dependent *A, const Dependent *B) { return A->Number < B->Number; });
    for (Dependent *N : Functions)
      Group.Members.push_back(cast<Function>(N->V));
    Group.Cyclic = It.hasCycle();
    Visit(Group);
  }
}

void forEachGroup(const Module &M, const ClosureFacts *Closures, function_ref<void(const FunctionGroup &)> Visit) {
  Graph Whole;
  Whole.addModule(M, Closures);
  visitComponents(Whole, [&](FunctionGroup &Group) {
    if (Group.Members.size() <= MaxGroup)
      return Visit(Group);
    DenseSet<const Function *> Withheld(Group.Members.begin(), Group.Members.end());
    Graph Calls;
    Calls.addCalls(Group.Members);
    visitComponents(Calls, [&](FunctionGroup &Part) {
      Part.Withheld = &Withheld;
      Visit(Part);
    });
  });
}

} // namespace emm
