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

} // namespace emm::program
