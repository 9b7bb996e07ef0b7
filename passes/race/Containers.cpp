//===- passes/race/Containers.cpp -----------------------------------------===//

#include "passes/race/Containers.h"

#include "passes/race/Naming.h"
#include "reports/finding/Fingerprint.h"

#include "llvm/Demangle/Demangle.h"

#include <map>

using namespace llvm;

namespace emm::race {

namespace {

/// A class template, and how many sites of a chain are in its members.
struct Entered {
  std::string Class;
  size_t Depth = 0;
};

class Classes {
public:
  /// The class template through whose members \p Sites came to the access from outside; empty if there is none.
  Entered entered(const Chain &Sites) {
    Entered Out;
    for (const Instruction *I : Sites) {
      const std::string &Here = templateOf(*I->getFunction());
      if (Here.empty())
        return Out;
      Out.Class = Here;
      ++Out.Depth;
    }
    return {};
  }

private:
  /// The class template that \p F is a member of, without arguments.
  const std::string &templateOf(const Function &F) {
    auto [It, New] = Known.try_emplace(&F);
    ItaniumPartialDemangler D;
    std::string Name = F.getName().split('.').first.str();
    if (!New || !F.getName().starts_with("_Z") || D.partialDemangle(Name.c_str()) || !D.isFunction())
      return It->second;
    size_t N = 0;
    if (char *Context = D.getFunctionDeclContextName(nullptr, &N)) {
      if (StringRef(Context).ends_with(">"))
        It->second = eraseTemplateArguments(Context);
      std::free(Context);
    }
    return It->second;
  }

  std::map<const Function *, std::string> Known; // looked up only
};

} // namespace

std::vector<std::string> foldContainers(Unit &U) {
  std::vector<std::string> Out(U.Conflicts.size());
  Classes C;
  // The fields of one container: by what they are reached through and the name of the whole.
  std::map<std::pair<uint32_t, std::string>, std::vector<size_t>> Insides;
  for (size_t N = 0; N < Out.size(); ++N) {
    const Conflict &X = U.Conflicts[N];
    std::string Class = C.entered(X.A.Sites).Class;
    if (Class.empty() || isMap(X.A.Kind) || isObject(X.A.Kind) || C.entered(X.B.Sites).Class != Class)
      continue;
    ObjectName Whole = nameOf(U, X.Object, true, Class);
    if (Whole.Inside)
      Insides[{U.Places.place(X.Object).Prefix, Whole.Text}].push_back(N);
  }
  auto Offset = [&](size_t N) { return U.Places.place(U.Conflicts[N].Object).Path.back().Bytes; };
  for (const auto &[Key, Members] : Insides) {
    size_t First = *std::min_element(Members.begin(), Members.end(), [&](size_t A, size_t B) { return Offset(A) < Offset(B); });
    if (all_of(Members, [&](size_t N) { return Offset(N) == Offset(First); }))
      continue;
    PlaceId Object = U.Conflicts[First].Object;
    for (size_t N : Members) {
      Conflict &X = U.Conflicts[N];
      Out[N] = C.entered(X.A.Sites).Class;
      X.Object = Object;
      for (Chain *Sites : {&X.A.Sites, &X.B.Sites})
        Sites->erase(Sites->begin(), Sites->begin() + C.entered(*Sites).Depth);
    }
  }
  return Out;
}

} // namespace emm::race
