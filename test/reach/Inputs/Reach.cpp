//===- Reach.cpp - what of a frame's allocations is reached after it ended ---===//
//
// Linked into a program that is compiled with -finstrument-functions. Each block
// remembers the frames that were open when it was allocated. When a frame
// returns, everything reachable is marked, conservatively, from the registers
// that hold the result, the stack above the frame, the program's data and the
// blocks so reached. A block of the frame that is marked has outlived it and now
// belongs to the frame below; one that is not marked never can be reached again.
//
// Memory is never used twice, so that a stale pointer means the old block.
// Returns are caught by replacing the return address; frames that are left by an
// exception are not seen, and such a run ends with the first of them.
//
// Writes to the file that REACH_LOG names, per allocation and sorted:
//     SURVIVED FUNCTION:SITE FUNCTION:SITE ...
// the number of frames outlived, and the frames from the innermost on, each with
// the address behind the call in it that led to the allocation.
//
//===----------------------------------------------------------------------===//

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <new>
#include <sys/mman.h>

#define PLAIN __attribute__((no_instrument_function))

namespace {

constexpr size_t ArenaBytes = size_t(1) << 30, MaxBlocks = 1 << 20, MaxFrames = 1 << 14, ChainLength = 12;

struct Frame {
  void *Function, *Site;
  void **Slot; ///< where the return address stood
  void *Return;
};

struct Block {
  char *Begin;
  size_t Size;
  uint32_t Depth;    ///< number of open frames of its thread that it still belongs to
  uint32_t Thread;
  uint16_t Survived; ///< frames that ended while it could be reached
  uint16_t Length;
  bool Marked, Done;
  void *Functions[ChainLength], *Sites[ChainLength];
};

char *Arena, *Free;
Block *Blocks;
size_t BlockCount;
std::recursive_mutex Lock;
thread_local Frame Frames[MaxFrames];
thread_local uint32_t Depth, Thread;
thread_local bool Inside; ///< what the checker itself does is not recorded
uint32_t Threads;

PLAIN void openArena() {
  if (Arena)
    return;
  auto Map = [](size_t Bytes) {
    return mmap(nullptr, Bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  };
  Arena = Free = static_cast<char *>(Map(ArenaBytes));
  Blocks = static_cast<Block *>(Map(MaxBlocks * sizeof(Block)));
}

PLAIN void *take(size_t Size, size_t Align, void *Site) {
  std::lock_guard<std::recursive_mutex> Guard(Lock);
  openArena();
  Free = reinterpret_cast<char *>((reinterpret_cast<uintptr_t>(Free) + Align - 1) & ~(Align - 1));
  char *P = Free;
  Free += std::max<size_t>(Size, 1) + 16;
  if (Free > Arena + ArenaBytes || BlockCount == MaxBlocks)
    abort();
  Block &B = Blocks[BlockCount++];
  B = Block();
  B.Begin = P;
  B.Size = std::max<size_t>(Size, 1);
  B.Depth = Depth;
  if (!Thread)
    Thread = ++Threads;
  B.Thread = Thread;
  B.Done = Inside || Depth == 0;
  for (uint32_t I = Depth; I-- > 0 && B.Length != ChainLength; ++B.Length) {
    B.Functions[B.Length] = Frames[I].Function;
    B.Sites[B.Length] = I + 1 == Depth ? Site : Frames[I + 1].Site;
  }
  return P;
}

PLAIN Block *blockAt(uintptr_t Word) {
  if (Word < reinterpret_cast<uintptr_t>(Arena) || Word >= reinterpret_cast<uintptr_t>(Free))
    return nullptr;
  Block *B = std::upper_bound(Blocks, Blocks + BlockCount, Word, [](uintptr_t W, const Block &Of) {
    return W < reinterpret_cast<uintptr_t>(Of.Begin);
  });
  if (B == Blocks)
    return nullptr;
  --B;
  return Word < reinterpret_cast<uintptr_t>(B->Begin) + B->Size ? B : nullptr;
}

Block **Stack;
size_t StackSize;

PLAIN void markWord(uintptr_t Word) {
  Block *B = blockAt(Word);
  if (!B || B->Marked)
    return;
  B->Marked = true;
  Stack[StackSize++] = B;
}

PLAIN __attribute__((no_sanitize("address"))) void markRange(const void *From, const void *To) {
  auto *P = reinterpret_cast<const uintptr_t *>((reinterpret_cast<uintptr_t>(From) + 7) & ~uintptr_t(7));
  for (; P + 1 <= To; ++P)
    markWord(*P);
}

extern "C" char __data_start[], _end[];
thread_local char *StackTop;

PLAIN void mark(const uintptr_t *Registers, unsigned Count, const void *StackPointer) {
  if (!Stack)
    Stack = static_cast<Block **>(mmap(nullptr, MaxBlocks * sizeof(Block *), PROT_READ | PROT_WRITE,
                                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));
  for (size_t I = 0; I != BlockCount; ++I)
    Blocks[I].Marked = false;
  StackSize = 0;
  for (unsigned I = 0; I != Count; ++I)
    markWord(Registers[I]);
  markRange(StackPointer, StackTop);
  markRange(__data_start, _end);
  while (StackSize) {
    Block *B = Stack[--StackSize];
    markRange(B->Begin, B->Begin + B->Size);
  }
}

} // namespace

extern "C" {

PLAIN void reachReturn();

PLAIN void __cyg_profile_func_enter(void *Function, void *Site) {
  void **Base = static_cast<void **>(__builtin_frame_address(1));
  if (Depth == MaxFrames)
    abort();
  if (Depth == 0)
    StackTop = reinterpret_cast<char *>(Base + 2);
  Frames[Depth++] = {Function, Site, Base + 1, Base[1]};
  Base[1] = reinterpret_cast<void *>(&reachReturn);
}

PLAIN void __cyg_profile_func_exit(void *, void *) {}

/// The functions that the file REACH_PLAIN lists return nothing or a number.
PLAIN bool returnsPlain(void *Function) {
  static uintptr_t *Plain;
  static size_t Count;
  if (!Plain) {
    Plain = static_cast<uintptr_t *>(mmap(nullptr, MaxBlocks * sizeof(uintptr_t), PROT_READ | PROT_WRITE,
                                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0));
    const char *Path = getenv("REACH_PLAIN");
    Inside = true;
    if (FILE *In = Path ? fopen(Path, "r") : nullptr) {
      while (Count != MaxBlocks && fscanf(In, "%lx", &Plain[Count]) == 1)
        ++Count;
      fclose(In);
    }
    Inside = false;
    std::sort(Plain, Plain + Count);
  }
  return std::binary_search(Plain, Plain + Count, reinterpret_cast<uintptr_t>(Function));
}

/// Registers: those that a callee preserves, rdx and rax; StackPointer: of the caller. Returns where to go on.
PLAIN void *reachLeave(const uintptr_t *Registers, unsigned Count, const void *StackPointer) {
  std::lock_guard<std::recursive_mutex> Guard(Lock);
  Frame F = Frames[--Depth];
  bool Marked = false;
  for (size_t I = BlockCount; I-- > 0;) {
    Block &B = Blocks[I];
    if (B.Done || B.Thread != Thread || B.Depth <= Depth)
      continue;
    if (!Marked) {
      mark(Registers, returnsPlain(F.Function) ? Count - 2 : Count, StackPointer);
      Marked = true;
    }
    if (!B.Marked || Depth == 0)
      B.Done = true;
    if (B.Marked) {
      ++B.Survived;
      B.Depth = Depth;
    }
  }
  return F.Return;
}

asm(R"(
  .text
  .globl reachReturn
reachReturn:
  subq $8, %rsp
  pushq %rax
  pushq %rdx
  pushq %rbx
  pushq %rbp
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  subq $40, %rsp
  movups %xmm0, (%rsp)
  movups %xmm1, 16(%rsp)
  leaq 40(%rsp), %rdi
  movl $8, %esi
  leaq 112(%rsp), %rdx
  call reachLeave
  movq %rax, 104(%rsp)
  movups (%rsp), %xmm0
  movups 16(%rsp), %xmm1
  addq $40, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbp
  popq %rbx
  popq %rdx
  popq %rax
  retq
)");

PLAIN void *malloc(size_t Size) { return take(Size, 16, __builtin_return_address(0)); }
PLAIN void *calloc(size_t N, size_t Size) { return take(N * Size, 16, __builtin_return_address(0)); }
PLAIN void *aligned_alloc(size_t Align, size_t Size) { return take(Size, Align, __builtin_return_address(0)); }
PLAIN void *memalign(size_t Align, size_t Size) { return take(Size, Align, __builtin_return_address(0)); }
PLAIN int posix_memalign(void **P, size_t Align, size_t Size) {
  *P = take(Size, Align, __builtin_return_address(0));
  return 0;
}
PLAIN void *realloc(void *Old, size_t Size) {
  void *New = take(Size, 16, __builtin_return_address(0));
  if (Block *B = blockAt(reinterpret_cast<uintptr_t>(Old)))
    memcpy(New, Old, std::min(Size, B->Size));
  return New;
}
PLAIN void free(void *) {}

/// Writes what is known so far; called at the end of each run, also when it crashes.
PLAIN void reachReport() {
  Inside = true;
  FILE *Out = fopen(getenv("REACH_LOG"), "a");
  if (!Out)
    return;
  for (size_t I = 0; I != BlockCount; ++I) {
    const Block &B = Blocks[I];
    if (!B.Length || !B.Done) // still open frames: not judged
      continue;
    fprintf(Out, "%u", B.Survived);
    for (unsigned J = 0; J != B.Length; ++J)
      fprintf(Out, " %lx:%lx", reinterpret_cast<uintptr_t>(B.Functions[J]), reinterpret_cast<uintptr_t>(B.Sites[J]) - 1);
    fputc('\n', Out);
  }
  fclose(Out);
}

} // extern "C"

PLAIN void *operator new(size_t Size) { return take(Size, 16, __builtin_return_address(0)); }
PLAIN void *operator new[](size_t Size) { return take(Size, 16, __builtin_return_address(0)); }
PLAIN void *operator new(size_t Size, const std::nothrow_t &) noexcept { return take(Size, 16, __builtin_return_address(0)); }
PLAIN void *operator new[](size_t Size, const std::nothrow_t &) noexcept { return take(Size, 16, __builtin_return_address(0)); }
PLAIN void *operator new(size_t Size, std::align_val_t A) { return take(Size, size_t(A), __builtin_return_address(0)); }
PLAIN void *operator new[](size_t Size, std::align_val_t A) { return take(Size, size_t(A), __builtin_return_address(0)); }
PLAIN void operator delete(void *) noexcept {}
PLAIN void operator delete[](void *) noexcept {}
PLAIN void operator delete(void *, size_t) noexcept {}
PLAIN void operator delete[](void *, size_t) noexcept {}
PLAIN void operator delete(void *, std::align_val_t) noexcept {}
PLAIN void operator delete(void *, size_t, std::align_val_t) noexcept {}
