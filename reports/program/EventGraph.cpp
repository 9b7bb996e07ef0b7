//===- reports/program/EventGraph.cpp -------------------------------------===//

#include "reports/program/EventGraph.h"

#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace emm::program {

bool Function::runsForEver() const {
  enum : uint8_t { New, Open, Closed };
  std::vector<uint8_t> State(Blocks.size(), New);
  std::vector<std::pair<uint32_t, size_t>> Path;
  bool Cycle = false;
  auto Enter = [&](uint32_t B) {
    State[B] = Open;
    Path.push_back({B, 0});
  };
  if (!Blocks.empty())
    Enter(0);
  while (!Path.empty()) {
    auto &[B, Next] = Path.back();
    if (Blocks[B].Returns)
      return false;
    if (Next == Blocks[B].Next.size()) {
      State[B] = Closed;
      Path.pop_back();
      continue;
    }
    uint32_t To = Blocks[B].Next[Next++];
    Cycle |= State[To] == Open;
    if (State[To] == New)
      Enter(To);
  }
  return Cycle;
}

bool AfterEvent::passes(uint32_t Block, int64_t From, int64_t Until) const {
  auto It = std::lower_bound(Barriers.begin(), Barriers.end(), EventAt{Block, uint32_t(From + 1)});
  return It == Barriers.end() || It->Block != Block || int64_t(It->Index) >= Until;
}

AfterEvent::AfterEvent(const Function &F, EventAt Start, std::vector<EventAt> Found, Tells Result)
    : Start(Start), Barriers(std::move(Found)), Entered(F.Blocks.size()) {
  llvm::sort(Barriers);
  ArrayRef<Fork> Forks;
  if (auto It = F.ToldBy.find({Start.Block, Start.Index}); It != F.ToldBy.end() && Result != Tells::Nothing)
    Forks = It->second.Forks;
  auto Takes = [&](uint32_t From, uint32_t To) {
    return all_of(Forks, [&](const Fork &K) {
      uint32_t Only = Result == Tells::Zero ? K.IfZero : K.IfNonZero;
      return K.Block != From || Only == ~0u || Only == To;
    });
  };
  SmallVector<uint32_t, 16> Work;
  auto Leave = [&](uint32_t B) {
    ReachesReturn |= F.Blocks[B].Returns;
    for (uint32_t To : F.Blocks[B].Next)
      if (!Entered[To] && Takes(B, To)) {
        Entered[To] = true;
        Work.push_back(To);
      }
  };
  if (passes(Start.Block, Start.Index, INT64_MAX))
    Leave(Start.Block);
  while (!Work.empty()) {
    uint32_t B = Work.pop_back_val();
    if (passes(B, -1, INT64_MAX))
      Leave(B);
  }
}

bool AfterEvent::contains(EventAt E) const {
  if (E.Block == Start.Block && E.Index > Start.Index && passes(E.Block, Start.Index, E.Index))
    return true;
  return Entered[E.Block] && passes(E.Block, -1, E.Index);
}

bool AfterEvent::isBarrier(EventAt E) const { return std::binary_search(Barriers.begin(), Barriers.end(), E); }

Dominance::Dominance(const Function &F) : Parent(F.Blocks.size(), ~0u), Order(F.Blocks.size(), ~0u) {
  // Reverse post-order, by a depth-first walk.
  std::vector<uint32_t> Post;
  std::vector<std::pair<uint32_t, size_t>> Path{{0, 0}};
  std::vector<bool> Seen(F.Blocks.size());
  Seen[0] = true;
  while (!Path.empty()) {
    auto &[B, Next] = Path.back();
    if (Next == F.Blocks[B].Next.size()) {
      Post.push_back(B);
      Path.pop_back();
    } else if (uint32_t To = F.Blocks[B].Next[Next++]; !Seen[To]) {
      Seen[To] = true;
      Path.push_back({To, 0});
    }
  }
  for (size_t N = 0; N < Post.size(); ++N)
    Order[Post[N]] = uint32_t(Post.size() - 1 - N);
  std::vector<SmallVector<uint32_t, 2>> Before(F.Blocks.size());
  for (uint32_t B : Post)
    for (uint32_t To : F.Blocks[B].Next)
      Before[To].push_back(B);
  // Cooper, Harvey, Kennedy: A Simple, Fast Dominance Algorithm.
  Parent[0] = 0;
  for (bool Changed = true; Changed;) {
    Changed = false;
    for (size_t N = Post.size(); N-- > 0;) {
      uint32_t B = Post[N], Common = ~0u;
      if (B == 0)
        continue;
      for (uint32_t From : Before[B]) {
        if (Parent[From] == ~0u)
          continue;
        uint32_t X = From;
        while (Common != ~0u && X != Common)
          (Order[X] > Order[Common] ? X : Common) = Parent[Order[X] > Order[Common] ? X : Common];
        Common = X;
      }
      Changed |= Parent[B] != Common;
      Parent[B] = Common;
    }
  }
  for (uint32_t B : Post)
    for (uint32_t Header : F.Blocks[B].Next) {
      if (!dominates(Header, B))
        continue;
      auto It = find_if(Loops, [&](const auto &L) { return L.first == Header; });
      if (It == Loops.end()) {
        It = Loops.insert(Loops.end(), {Header, std::vector<bool>(F.Blocks.size())});
        It->second[Header] = true;
      }
      SmallVector<uint32_t, 16> Work;
      auto Enter = [&](uint32_t X) {
        if (!It->second[X]) {
          It->second[X] = true;
          Work.push_back(X);
        }
      };
      Enter(B);
      while (!Work.empty())
        for (uint32_t From : Before[Work.pop_back_val()])
          Enter(From);
    }
}

bool Dominance::dominates(uint32_t A, uint32_t B) const {
  if (Order[B] == ~0u)
    return true;
  while (Order[B] > Order[A])
    B = Parent[B];
  return A == B;
}

std::optional<uint32_t> Dominance::loopAround(uint32_t Block) const {
  std::optional<uint32_t> Best;
  size_t Size = 0;
  for (uint32_t N = 0; N < Loops.size(); ++N)
    if (size_t Here = Loops[N].second[Block] ? llvm::count(Loops[N].second, true) : 0; Here && (!Best || Here < Size)) {
      Best = N;
      Size = Here;
    }
  return Best;
}

} // namespace emm::program
