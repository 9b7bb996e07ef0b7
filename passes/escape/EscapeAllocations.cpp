//===- passes/escape/EscapeAllocations.cpp - calls that return storage ----===//
//
// Allocations in the source's words, and why one cannot be a stack slot whatever
// becomes of its address: its size.
//
//===----------------------------------------------------------------------===//

#include "passes/escape/EscapeBuilder.h"

#include "reports/finding/Fingerprint.h"

#include "llvm/Demangle/Demangle.h"

using namespace llvm;

namespace emm {

/// Above this a constant-size object is no stack slot; Go's limit for implicit allocations.
static constexpr uint64_t MaxStackBytes = 64 * 1024;

static std::string firstTemplateArgument(StringRef Demangled, StringRef Base) {
  size_t At = Demangled.find(Base);
  if (At == StringRef::npos)
    return {};
  At = Demangled.find('<', At);
  unsigned Depth = 0;
  for (size_t I = At; I < Demangled.size(); ++I) {
    if (Demangled[I] == '<')
      ++Depth;
    else if (Demangled[I] == '>' && --Depth == 0)
      return Demangled.slice(At + 1, I).str();
    else if (Demangled[I] == ',' && Depth == 1)
      return Demangled.slice(At + 1, I).str();
  }
  return {};
}

/// `new int`, `malloc(16)`, `std::make_unique<int>`: the allocation in the source's words.
static std::string spell(const CallBase &Call, StringRef Spelling, const Value *Size, const Value *Count) {
  auto *Type = dyn_cast_or_null<DIType>(Call.getMetadata("heapallocsite"));
  bool IsArray = Spelling == "new[]";
  if (Spelling == "new" || IsArray) {
    std::string T = SourceMap::typeName(Type);
    if (!T.empty())
      return "new " + shortType(T) + (IsArray ? "[]" : "");
    if (const auto *N = dyn_cast_or_null<ConstantInt>(Size); N && !IsArray)
      return "new (" + std::to_string(N->getZExtValue()) + " bytes)";
    return IsArray ? "new[]" : "new";
  }
  if (Spelling.contains("::")) {
    std::string T = firstTemplateArgument(demangle(Call.getCalledFunction()->getName()), Spelling.rsplit("::").second);
    return Spelling.str() + "<" + shortType(T) + ">";
  }
  const auto *Bytes = dyn_cast_or_null<ConstantInt>(Size), *Times = dyn_cast_or_null<ConstantInt>(Count);
  if (!Bytes || (Count && !Times))
    return Spelling.str() + "(...)";
  return Spelling.str() + "(" + (Times ? std::to_string(Times->getZExtValue()) + ", " : "") +
         std::to_string(Bytes->getZExtValue()) + ")";
}

/// The frame of a coroutine: how large it is, only the passes that split the coroutine know, but then it is a constant.
static bool isFrameSize(const Value *Size) {
  const auto *I = dyn_cast_or_null<IntrinsicInst>(Size);
  return I && I->getIntrinsicID() == Intrinsic::coro_size;
}

static Cause::Kind sizeCause(const Value *Size, const Value *Count, bool Known) {
  if (!Known)
    return Cause::NonConstantSize;
  uint64_t Bytes = 1;
  for (const Value *V : {Size, Count}) {
    if (!V)
      continue;
    const auto *N = dyn_cast<ConstantInt>(V);
    if (!N)
      return Cause::NonConstantSize;
    Bytes *= N->getLimitedValue(MaxStackBytes + 1);
  }
  return Bytes > MaxStackBytes ? Cause::TooLarge : Cause::Unknown;
}

void EscapeBuilder::allocate(const CallBase &Call, StringRef Spelling, const Value *Size, const Value *Count,
                             bool SizeKnown) {
  ObjectId O = G.addObject(ObjectKind::Allocation, &Call);
  NodeId N = G.addNode();
  G.addOrigin(N, {O, 0}, why("spill", &Call));
  defineResult(Call, N, why("assign", &Call));
  Subject S;
  S.What = Subject::Allocation;
  S.V = &Call;
  S.Name = UserCode && !Library ? spell(Call, Spelling, Size, Count) : Spelling.str();
  S.Loc = C.Source.location(Call);
  if (isFrameSize(Size)) {
    CoroutineFrame = O;
    S.Name = "coroutine frame";
  } else {
    S.Forced.What = sizeCause(Size, Count, SizeKnown);
  }
  S.Forced.Loc = S.Loc;
  S.Objects.push_back(O);
  Subjects.push_back(std::move(S));
}

/// Storage that library code hands to its caller: the caller's call is the allocation that the user sees.
void EscapeBuilder::takeOver(const CallBase &Call, const HandedOut &H, const Function &Callee) {
  ObjectId O = G.addObject(ObjectKind::Allocation, &Call, 1);
  NodeId N = G.addNode();
  G.addOrigin(N, {O, 0}, why("spill", &Call));
  if (H.InResult)
    defineResult(Call, N, why("assign", &Call));
  else
    for (NodeId Into : placesOf(Call, H.Param, 0, AnyOffset))
      G.addStore(Into, N, why("call parameter", &Call));
  const FunctionModel *M = C.Models.lookup(Callee);
  const EffectRow *Row = M ? M->find(Effect::Allocate) : nullptr;
  // The storage inside a container or a string is its own business; a factory's is what the source asked for.
  Subject Sub;
  Sub.What = Subject::Allocation;
  Sub.V = &Call;
  Sub.Name = Row ? spell(Call, Row->Text, nullptr, nullptr) : std::string();
  Sub.Loc = C.Source.location(Call);
  // A factory of one object hands the allocator a count of one, which its body does not show; of an array, it is given.
  bool One = Row && !StringRef(Sub.Name).contains("[]");
  Sub.Forced = {One ? Cause::Unknown : H.Size, "", Sub.Loc};
  Sub.Objects.push_back(O);
  auto Same = find_if(Subjects, [&](const Subject &Old) { return Old.V == &Call && Old.Name == Sub.Name; });
  if (Same != Subjects.end())
    Same->Objects.push_back(O);
  else
    Subjects.push_back(std::move(Sub));
}

} // namespace emm
