//===- passes/race/DocumentWriter.cpp -------------------------------------===//

#include "passes/race/DocumentWriter.h"

#include "passes/race/Naming.h"
#include "passes/race/SummaryWriter.h"
#include "reports/finding/ProgramKeys.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/BinaryFormat/Dwarf.h"
#include "llvm/IR/Instructions.h"

using namespace llvm;

namespace emm::race {

std::string symbolText(char Global, char Local, const GlobalValue &G) {
  // A name that the grammar cannot carry is nobody's that several units share.
  if (!G.hasName() || G.getName().find_first_of(" :*~,/=!|") != StringRef::npos)
    return "?";
  return std::string(1, G.hasLocalLinkage() ? Local : Global) + G.getName().str();
}

std::string DocumentWriter::symbol(char Global, char Local, const GlobalValue &G) {
  if (const auto *Of = dyn_cast<Function>(&G); Of && hasBody(*Of))
    Uses.insert(Of);
  if (const auto *Of = dyn_cast<GlobalVariable>(&G); Of && Of->isConstant() && Of->hasInitializer())
    Tables.insert(Of);
  return symbolText(Global, Local, G);
}

std::string DocumentWriter::root(const Root &R) {
  auto Numbered = [&](char Letter, const Value *V) {
    std::string Text = utostr(Numbers.try_emplace(V, Numbers.size()).first->second);
    return Text.insert(0, 1, Letter);
  };
  switch (R.Kind) {
  case RootKind::Global:
    return symbol('G', 'g', cast<GlobalValue>(*R.V));
  case RootKind::Function:
    return symbol('F', 'f', cast<GlobalValue>(*R.V));
  case RootKind::Param:
    return std::string(1, 'P') + utostr(cast<Argument>(R.V)->getArgNo());
  case RootKind::Local:
    return Numbered('L', R.V);
  case RootKind::Copy:
    return Numbered('C', R.V) + "_" + utostr(R.Extra);
  case RootKind::Heap:
    // What a callee of the user's made is known by the call.
    if (auto It = CallNumbers.find(cast<Instruction>(R.Via ? R.Via : R.V)); It != CallNumbers.end())
      return "R" + utostr(It->second);
    return R.Via ? "?" : Numbered('H', R.V);
  case RootKind::Unknown:
    break;
  }
  return "?";
}

std::string DocumentWriter::place(PlaceId P) {
  if (!P)
    return "?";
  const Place At = U.Places.place(P);
  std::string Text = root(U.Places.root(At.R));
  if (Text == "?")
    return Text;
  if (At.Path.size() == 1 && At.Path[0] == Offset())
    return Text;
  Text += ':';
  for (size_t N = 0; N < At.Path.size(); ++N) {
    if (N)
      Text += '*';
    if (At.Path[N].Bytes)
      Text += itostr(At.Path[N].Bytes);
    if (At.Path[N].Any)
      Text += '~';
  }
  return Text;
}

std::string DocumentWriter::places(const PlaceSet &Of) {
  std::string Text;
  for (PlaceId P : Of)
    Text += (Text.empty() ? "" : ",") + place(P);
  return Text.empty() ? "-" : Text;
}

std::string DocumentWriter::locks(const LockSet &Of) {
  std::string Text;
  for (const Held &H : Of) {
    std::string Lock = place(H.Lock);
    if (Lock == "?")
      continue;
    name(H.Lock, true);
    Text += (Text.empty() ? "" : ",") + Lock + (H.Mode == LockMode::Read ? "/r" : "/w");
  }
  return Text.empty() ? "-" : Text;
}

std::string DocumentWriter::modes(ArrayRef<ModeTest> Of) {
  std::string Text;
  for (const ModeTest &M : Of)
    if (U.Places.rootOf(M.Global).Kind == RootKind::Global) {
      if (!is_contained(Tested, M))
        Tested.push_back(M);
      Text += (Text.empty() ? "" : ",") + place(M.Global) + (M.Equal ? "=" : "!") + itostr(M.Value);
    }
  return Text.empty() ? "-" : Text;
}

void DocumentWriter::name(PlaceId P, bool Whole) {
  if (!P || !Named.insert(P).second)
    return;
  std::string Text = place(P);
  if (Text == "?")
    return;
  ObjectName N = nameOf(U, P, Whole);
  // The name of the parameter itself tells which part of a longer name its callers replace.
  const Root &R = U.Places.rootOf(P);
  if (R.Kind == RootKind::Param && NamedParams.insert(R.V).second)
    Params.push_back({cast<Argument>(R.V)->getArgNo(), U.C.Source.name(*R.V)});
  if (!N.Text.empty())
    (R.Kind == RootKind::Global ? GlobalNames : Names).push_back({Text + " " + N.Text, N.Declaration});
}

/// Locals and objects made here matter to other units when somebody else gets them.
bool DocumentWriter::isHandedOn(PlaceId P) const {
  RootKind K = U.Places.rootOf(P).Kind;
  return K == RootKind::Global || K == RootKind::Param || HandedOn.contains(U.Places.place(P).R);
}

void DocumentWriter::findHandedOn() {
  SmallVector<PlaceId, 16> Work;
  for (const FunctionAnalysis::CallEvent &C : A.Calls)
    for (const PlaceSet &Given : C.Call.Arguments)
      Work.append(Given.begin(), Given.end());
  for (const FunctionAnalysis::StartEvent &E : A.Starts)
    for (const auto *List : {&E.T.Arguments, &E.T.PendingArguments})
      for (const PlaceSet &Given : *List)
        Work.append(Given.begin(), Given.end());
  for (const StoreEffect &E : S.Stores)
    Work.append(E.Values.begin(), E.Values.end());
  for (const PlaceSet &R : S.Results)
    Work.append(R.begin(), R.end());
  DenseMap<RootId, SmallVector<PlaceId, 4>> Inside;
  for (const auto &Entry : A.V.contents())
    Inside[U.Places.place(Entry.first).R].append(Entry.second.begin(), Entry.second.end());
  while (!Work.empty()) {
    PlaceId P = Work.pop_back_val();
    RootKind K = U.Places.rootOf(P).Kind;
    RootId R = U.Places.place(P).R;
    if ((K != RootKind::Local && K != RootKind::Heap && K != RootKind::Copy) || !HandedOn.insert(R).second)
      continue;
    if (auto It = Inside.find(R); It != Inside.end())
      Work.append(It->second.begin(), It->second.end());
    if (K == RootKind::Copy)
      for (PlaceId Source : const_cast<Values &>(A.V).sourcesOf(R))
        Work.push_back(Source);
    for (const CopyEffect &C : A.V.copies())
      if (U.Places.place(C.To).R == R)
        Work.push_back(C.From);
  }
}

void DocumentWriter::add(const Instruction &I, char Kind, std::string Text, const Chain &Sites, unsigned Count) {
  Event E{Kind, std::move(Text), {}, Count};
  if (Sites.empty())
    E.At.push_back(U.C.Source.location(I));
  for (const Instruction *Site : Sites)
    E.At.push_back(U.C.Source.location(*Site));
  At[&I].push_back(std::move(E));
}

std::string DocumentWriter::optional(char Letter, const std::string &Text) const {
  return Text.empty() || Text == "-" ? "" : std::string(1, ' ') + Letter + "=" + Text;
}

std::string DocumentWriter::arguments(const std::vector<PlaceSet> &Of) {
  std::string Text, Skipped;
  for (const PlaceSet &Given : Of) {
    std::string One = places(Given);
    Skipped += " " + One;
    if (One == "-" || One == "?")
      continue;
    Text += Skipped;
    Skipped.clear();
    for (PlaceId P : Given)
      if (isHandedOn(P) && U.Places.rootOf(P).Kind != RootKind::Param)
        name(P, true);
  }
  return Text;
}

/// True if \p I may run after a call or a start that got the local or fresh object \p R, or something that leads to it.
bool DocumentWriter::followsHandingOn(const Instruction &I, RootId R) {
  auto [It, New] = Givers.try_emplace(R);
  if (New) {
    auto Leads = [&](const std::vector<PlaceSet> &Given) {
      return any_of(Given, [&](const PlaceSet &Of) {
        return any_of(Of, [&](PlaceId P) { return U.Places.place(P).R == R; });
      });
    };
    for (const FunctionAnalysis::CallEvent &C : A.Calls)
      if (Leads(C.Call.Arguments))
        It->second.push_back(C.At);
    for (const FunctionAnalysis::StartEvent &S : A.Starts)
      if (Leads(S.T.Arguments) || Leads(S.T.PendingArguments))
        It->second.push_back(S.At);
  }
  // Handed on inside something else: when is not followed.
  if (It->second.empty())
    return true;
  return any_of(It->second, [&](const Instruction *Giver) {
    return const_cast<FunctionAnalysis &>(A).freelyAfter(*Giver).contains(I);
  });
}

/// Declared `void *`, in a function that others may hand on: how entries of threads and callbacks take their object.
static bool isContext(const Argument &A) {
  const Function &F = *A.getParent();
  if (F.hasLocalLinkage())
    return false;
  const DISubprogram *SP = F.getSubprogram();
  const DISubroutineType *Type = SP ? SP->getType() : nullptr;
  if (!Type || F.hasStructRetAttr() || Type->getTypeArray().size() != F.arg_size() + 1)
    return !SP && F.arg_size() == 1;
  const auto *Pointer = dyn_cast_or_null<DIDerivedType>(Type->getTypeArray()[A.getArgNo() + 1]);
  return Pointer && Pointer->getTag() == dwarf::DW_TAG_pointer_type && !Pointer->getBaseType();
}

/// Most code is full of plain accesses through parameters. Those of members, of what is locked, and of functions that may
/// be entries of threads are the ones that tend to be shared.
bool DocumentWriter::keepsPlain(const Access &X) const {
  if (!X.Locks.empty() || F.hasAddressTaken())
    return true;
  const auto *Of = cast<Argument>(U.Places.rootOf(X.Where).V);
  if (isContext(*Of))
    return true;
  return U.Places.place(X.Where).Path.size() == 1 && F.getName().starts_with("_ZN") && Of->getArgNo() == firstParameter(F) &&
         U.C.Source.name(*Of) == "this";
}

void DocumentWriter::addAccesses() {
  for (const FunctionAnalysis::AccessEvent &E : A.Accesses) {
    const Access &X = E.A;
    // What callees do is written with them.
    if (X.Sites.empty() || X.Sites.front()->getFunction() != &F || U.Places.hasAny(X.Where) || !isHandedOn(X.Where))
      continue;
    std::string Where = place(X.Where);
    if (Where == "?")
      continue;
    // Before a local or fresh object is handed on it is nobody else's.
    RootKind K = U.Places.rootOf(X.Where).Kind;
    if ((K == RootKind::Local || Where[0] == 'H') && !followsHandingOn(*E.At, U.Places.place(X.Where).R))
      continue;
    if (K == RootKind::Param && !isMap(X.Kind) && !isObject(X.Kind) && !isAtomic(X.Kind) && !keepsPlain(X))
      continue;
    name(X.Where, isMap(X.Kind) || isObject(X.Kind));
    std::string Flags;
    Flags += X.Volatile ? "v" : "";
    Flags += X.FromLoad ? "l" : "";
    Flags += X.AfterSignal ? "s" : "";
    Flags += X.AfterJoin ? "j" : "";
    Flags += isAtomic(X.Kind) && X.Order < 3 ? "x" : "";
    Acts = true;
    add(*E.At, program::KindLetters[unsigned(X.Kind)],
        Where + " " + utostr(X.Size) + optional('f', Flags) + optional('l', locks(X.Locks)) + optional('m', modes(X.Modes)),
        X.Sites, X.Count);
  }
}

void DocumentWriter::addCalls() {
  for (const FunctionAnalysis::CallEvent &E : A.Calls) {
    const Root &Of = U.Places.rootOf(E.Call.Callee);
    const auto *Named = Of.Kind == RootKind::Function ? cast<Function>(Of.V) : nullptr;
    if (Named && hasBody(*Named) && !U.Writer->mayMatter(*Named))
      continue;
    std::string Callee = place(E.Call.Callee);
    const auto *Call = dyn_cast<CallBase>(E.At);
    std::string Text = utostr(CallNumbers[E.At]) + " " + Callee + (Call && U.endsProgram(*Call) ? " f=e" : "") +
                       optional('l', locks(E.Call.Locks)) +
                       optional('m', modes(const_cast<FunctionAnalysis &>(A).modesAt(*E.At->getParent()))) +
                       arguments(E.Call.Arguments);
    // What is not here may do anything.
    Acts |= !Named || !hasBody(*Named);
    add(*E.At, 'c', Text, E.Call.Sites);
  }
}

/// What the memory holds that others get to see.
void DocumentWriter::addData() {
  auto &V = const_cast<Values &>(A.V);
  SmallVector<PlaceId, 32> Addresses;
  for (const auto &Entry : A.V.contents())
    Addresses.push_back(Entry.first);
  // The fields of a copy are those of what it was copied from.
  std::vector<CopyEffect> Copies(A.V.copies());
  std::vector<RootId> Roots(HandedOn.begin(), HandedOn.end());
  llvm::sort(Roots);
  for (RootId R : Roots)
    if (U.Places.root(R).Kind == RootKind::Copy)
      for (PlaceId Source : V.sourcesOf(R))
        Copies.push_back({U.Places.make(R), Source});
  llvm::sort(Addresses);
  for (unsigned Round = 0; Round < 3; ++Round)
    for (size_t N = Addresses.size(); N-- > 0;) {
      const Place Here = U.Places.place(Addresses[N]);
      for (const CopyEffect &C : Copies) {
        if (!C.From || Here.Prefix != U.Places.place(C.From).Prefix || Addresses.size() > 400)
          continue;
        int64_t Delta = Here.Path.back().Bytes - U.Places.place(C.From).Path.back().Bytes;
        PlaceId Copied = C.covers(Delta) ? U.Places.advance(C.To, Delta, false) : UnknownPlace;
        if (Copied && !is_contained(Addresses, Copied))
          Addresses.push_back(Copied);
      }
    }
  llvm::sort(Addresses);
  for (PlaceId Address : Addresses) {
    RootKind K = U.Places.rootOf(Address).Kind;
    if (!isHandedOn(Address) || (K == RootKind::Param && U.Places.hasAny(Address)))
      continue;
    PlaceSet Held = V.load(Address);
    erase_if(Held, [&](PlaceId P) {
      RootKind Of = U.Places.rootOf(P).Kind;
      if (K == RootKind::Param && (U.Places.place(P).Path.size() > 1 || Of == RootKind::Heap))
        return true;
      return !P || P == U.Places.load(Address) || Of == RootKind::Unknown || (K == RootKind::Global && Of != RootKind::Function);
    });
    std::string Where = place(Address), What = places(Held);
    if (Held.empty() || Where == "?" || What == "?")
      continue;
    Doc.Args.push_back({program::KeyData, Where + " " + What, {}});
    Acts |= K == RootKind::Global || K == RootKind::Param;
  }
}

void DocumentWriter::addEffects() {
  auto List = [&](ArrayRef<PlaceId> Of) {
    std::string Text;
    for (PlaceId P : Of)
      if (std::string One = place(P); One != "?")
        Text += (Text.empty() ? "" : ",") + One;
    return Text;
  };
  for (size_t N = 0; N < S.Results.size(); ++N)
    if (std::string Text = places(S.Results[N]); Text != "-" && Text != "?") {
      Doc.Args.push_back({program::KeyResult, utostr(N) + " " + Text, {}});
      Acts = true;
    }
  if (std::string Text = locks(S.Acquired); Text != "-")
    Doc.Args.push_back({program::KeyAcquires, Text, {}}), Acts = true;
  LockSet May = S.MayAcquire;
  erase_if(May, [&](const Held &H) { return U.Places.rootOf(H.Lock).Kind == RootKind::Heap; });
  if (std::string Text = locks(May); Text != "-")
    Doc.Args.push_back({program::KeyMayAcquire, Text, {}}), Acts = true;
  std::vector<ModeTest> First = Tested;
  erase_if(First, [&](const ModeTest &M) { return !A.isFirstCallers(M); });
  if (!First.empty())
    Doc.Args.push_back({program::KeyOnce, modes(First), {}});
  if (std::string Text = List(S.Released); !Text.empty())
    Doc.Args.push_back({program::KeyReleases, Text, {}}), Acts = true;
  if (std::string Text = List(S.NotGivenBack); !Text.empty())
    Doc.Args.push_back({program::KeyGives, Text, {}});
}

SummaryDoc DocumentWriter::write() {
  Doc.Kind = program::Kind;
  Doc.Function = F.getName().str();
  for (const FunctionAnalysis::CallEvent &E : A.Calls)
    CallNumbers.try_emplace(E.At, CallNumbers.size());
  findHandedOn();
  addAccesses();
  addCalls();
  addStarts();
  addJoins();
  addGates();
  addTold();
  addData();
  addEffects();
  Location Defined = U.C.Source.location(F);
  PositionWriter Positions(Defined.File);
  std::vector<SummaryDoc::Arg> Body;
  for (const auto &[Text, Declaration] : Names)
    Body.push_back({program::KeyName, Text + " " + Positions.write(Declaration), {}});
  llvm::move(Doc.Args, std::back_inserter(Body));
  addBlocks(Body, Positions);
  std::string Head = utostr(program::Version) + (F.hasLocalLinkage() ? " local" : F.isStrongDefinitionForLinker() ? " strong" : " weak");
  if (A.Leaves)
    Head += " leaves";
  if (U.isConstructorOrDestructor(F))
    Head += U.isDestructor(F) ? " dtor" : " ctor";
  Doc.Args.clear();
  Doc.Args.push_back({program::KeyFunction, Head, Defined});
  for (size_t N = 1; N < Positions.files().size(); ++N)
    Doc.Args.push_back({program::KeyFile, "-", {Positions.files()[N], 0, 0}});
  for (const auto &[N, Text] : Params)
    Doc.Args.push_back({program::KeyParam, utostr(N) + " " + Text, {}});
  llvm::move(Body, std::back_inserter(Doc.Args));
  return std::move(Doc);
}

} // namespace emm::race
