//===- reports/evidence/Census.cpp - inputs, links, totals ----------------===//

#include "reports/evidence/Census.h"

#include "reports/evidence/FunctionCensus.h"
#include "reports/record/Inputs.h"
#include "reports/record/ObjectRecord.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Object/Archive.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"

#include <numeric>

using namespace llvm;

namespace emm::evidence {

namespace {

class CensusTaker {
public:
  Expected<Census> run(ArrayRef<std::string> Inputs);

private:
  void file(const InputPiece &Piece);
  void object(MemoryBufferRef Buffer, const std::string &Name, StringRef Piece);
  void archive(MemoryBufferRef Buffer, StringRef Piece);
  void fail(StringRef Piece, Error E);
  void link();
  void total();

  Census Out;
  std::unique_ptr<Machine> M;
  std::vector<std::vector<RawCall>> Calls; ///< by function
  std::vector<size_t> FirstOfFile;         ///< by function: the index of its file's first function
  std::vector<std::string> Errors;
};

void CensusTaker::fail(StringRef Piece, Error E) {
  std::string Text = toString(std::move(E));
  std::replace(Text.begin(), Text.end(), '\n', ' ');
  Errors.push_back((Piece + ": " + Text).str());
}

void CensusTaker::object(MemoryBufferRef Buffer, const std::string &Name, StringRef Piece) {
  Expected<std::unique_ptr<CodeFile>> File = CodeFile::read(Buffer);
  if (!File)
    return fail(Piece, File.takeError());
  Triple T = (*File)->triple();
  std::string Architecture = T.getArchName().str();
  if (!M) {
    Expected<std::unique_ptr<Machine>> Made = Machine::create(T);
    if (!Made)
      return fail(Piece, Made.takeError());
    M = std::move(*Made);
    Out.Architecture = Architecture;
  } else if (Architecture != Out.Architecture) {
    return fail(Piece, createStringError(inconvertibleErrorCode(), "code for %s among inputs for %s", Architecture.c_str(),
                                         Out.Architecture.c_str()));
  }
  size_t First = Out.Functions.size();
  for (const CodeFunction &F : (*File)->functions()) {
    FirstOfFile.push_back(First);
    Calls.emplace_back();
    Out.Functions.push_back(countFunction(**File, *M, F, Calls.back()));
    Out.Functions.back().Object = Name;
  }
}

void CensusTaker::archive(MemoryBufferRef Buffer, StringRef Piece) {
  Expected<std::unique_ptr<object::Archive>> Archive = object::Archive::create(Buffer);
  if (!Archive)
    return fail(Piece, Archive.takeError());
  const size_t Before = Errors.size();
  Error Err = Error::success();
  for (const object::Archive::Child &Child : (*Archive)->children(Err)) {
    Expected<StringRef> Name = Child.getName();
    Expected<MemoryBufferRef> Member = Name ? archiveMember(**Archive, Child) : Name.takeError();
    if (!Member) {
      consumeError(std::move(Err));
      return fail(Piece, Member.takeError());
    }
    if (sniff(Member->getBuffer()) == InputKind::Object)
      object(*Member, formatv("{0}({1})", Piece, *Name).str(), Piece);
    // Unusable for one reason as for several.
    if (Errors.size() != Before)
      return consumeError(std::move(Err));
  }
  if (Err)
    fail(Piece, std::move(Err));
}

void CensusTaker::file(const InputPiece &Piece) {
  auto Buffer = MemoryBuffer::getFile(Piece.Name, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!Buffer)
    return fail(Piece.Name, errorCodeToError(Buffer.getError()));
  switch (sniff((*Buffer)->getBuffer())) {
  case InputKind::Object:
  case InputKind::Linked:
    return object(**Buffer, Piece.Name, Piece.Name);
  case InputKind::Archive:
    return archive(**Buffer, Piece.Name);
  default:
    if (Piece.Named)
      fail(Piece.Name, createStringError(inconvertibleErrorCode(), "neither an object, an archive nor a linked file"));
  }
}

void CensusTaker::link() {
  StringMap<uint32_t> Global;
  for (uint32_t I = 0; I < Out.Functions.size(); ++I) {
    const FunctionCensus &F = Out.Functions[I];
    if (F.IsLocal)
      continue;
    auto [It, New] = Global.try_emplace(F.Name, I);
    if (!New && Out.Functions[It->second].IsWeak && !F.IsWeak)
      It->second = I;
  }
  for (uint32_t I = 0; I < Out.Functions.size(); ++I) {
    FunctionCensus &F = Out.Functions[I];
    std::set<uint32_t> Callees;
    for (const RawCall &C : Calls[I]) {
      if (C.Local) {
        Callees.insert(FirstOfFile[I] + *C.Local);
        continue;
      }
      StringRef Name = StringRef(C.Name).split('@').first; // the version of a symbol in a shared library
      if (auto It = Global.find(Name); It != Global.end()) {
        Callees.insert(It->second);
      } else if (std::optional<Operation> O = outlinedOperation(Name)) {
        ++F.Own[*O];
      } else {
        F.Outside.insert(Name.str());
      }
    }
    F.Callees.assign(Callees.begin(), Callees.end());
  }
}

void CensusTaker::total() {
  std::vector<uint32_t> SeenBy(Out.Functions.size(), ~0u), Work;
  for (uint32_t I = 0; I < Out.Functions.size(); ++I) {
    FunctionCensus &F = Out.Functions[I];
    Work.assign(1, I);
    SeenBy[I] = I;
    unsigned Reached = 0;
    while (!Work.empty()) {
      const FunctionCensus &G = Out.Functions[Work.back()];
      Work.pop_back();
      ++Reached;
      F.Total.add(G.Own);
      F.NotFollowed.insert(G.Outside.begin(), G.Outside.end());
      F.NotFollowedCalls += G.IndirectCalls;
      F.NotFollowedJumps += G.IndirectJumps;
      for (uint32_t C : G.Callees)
        if (SeenBy[C] != I) {
          SeenBy[C] = I;
          Work.push_back(C);
        }
    }
    F.Followed = Reached - 1;
  }
}

Expected<Census> CensusTaker::run(ArrayRef<std::string> Inputs) {
  InputList List = findInputs(Inputs, ~uint64_t(0) / 4);
  Errors = List.Errors;
  for (const InputPiece &Piece : List.Pieces)
    file(Piece);
  if (Errors.empty() && Out.Functions.empty())
    Errors.push_back(Inputs.front() + ": no function found");
  if (!Errors.empty()) {
    Error All = Error::success();
    for (const std::string &Text : Errors)
      All = joinErrors(std::move(All), createStringError(inconvertibleErrorCode(), "%s", Text.c_str()));
    return All;
  }
  link();
  total();
  std::vector<uint32_t> Order(Out.Functions.size()), Rank(Out.Functions.size());
  std::iota(Order.begin(), Order.end(), 0);
  llvm::stable_sort(Order, [&](uint32_t A, uint32_t B) {
    return std::tie(Out.Functions[A].Object, Out.Functions[A].Name) < std::tie(Out.Functions[B].Object, Out.Functions[B].Name);
  });
  std::vector<FunctionCensus> Sorted;
  for (uint32_t I : Order) {
    Rank[I] = Sorted.size();
    Sorted.push_back(std::move(Out.Functions[I]));
  }
  for (FunctionCensus &F : Sorted) {
    for (uint32_t &C : F.Callees)
      C = Rank[C];
    llvm::sort(F.Callees);
  }
  Out.Functions = std::move(Sorted);
  return std::move(Out);
}

} // namespace

Expected<Census> takeCensus(ArrayRef<std::string> Inputs) { return CensusTaker().run(Inputs); }

} // namespace emm::evidence
