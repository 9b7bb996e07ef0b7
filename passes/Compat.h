//===- passes/Compat.h - every difference between LLVM 19 and 22 ----------===//
//
// Code elsewhere never asks for the version of LLVM.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_PASSES_COMPAT_H
#define EMM_PASSES_COMPAT_H

#include "llvm/ADT/APInt.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/IR/Argument.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"

#include <string>

#if LLVM_VERSION_MAJOR != 19 && LLVM_VERSION_MAJOR != 22
#error "emm is built against LLVM 19 or 22"
#endif

namespace emm::compat {

inline std::string targetTriple(const llvm::Module &M) {
#if LLVM_VERSION_MAJOR >= 22
  return M.getTargetTriple().str();
#else
  return M.getTargetTriple();
#endif
}

/// True if the attributes of parameter \p N say that the pointer's provenance is not kept, returned or published.
inline bool doesNotCapture(const llvm::CallBase &Call, unsigned N) { return Call.doesNotCapture(N); }

/// True if the parameter may come back in the result, and only there: LLVM 22's captures(ret: ...).
inline bool capturesOnlyInResult(const llvm::CallBase &Call, unsigned N) {
#if LLVM_VERSION_MAJOR >= 22
  llvm::CaptureInfo I = Call.getCaptureInfo(N);
  return llvm::capturesNothing(I.getOtherComponents()) && !llvm::capturesNothing(I.getRetComponents());
#else
  (void)Call, (void)N;
  return false;
#endif
}

/// What GEPOperator::collectOffset fills: each variable index with its scale.
#if LLVM_VERSION_MAJOR >= 22
using GepOffsets = llvm::SmallMapVector<llvm::Value *, llvm::APInt, 4>;
#else
using GepOffsets = llvm::MapVector<llvm::Value *, llvm::APInt>;
#endif

/// The memory a lifetime intrinsic is about.
inline const llvm::Value *lifetimeObject(const llvm::IntrinsicInst &I) {
  return I.getArgOperand(I.arg_size() - 1);
}

/// LLVM 19 lets each function and block say whether its debug information is records or calls.
template <typename T, typename U> inline void setDebugFormatOf(T &New, const U &Old) {
#if LLVM_VERSION_MAJOR < 22
  New.setIsNewDbgInfoFormat(Old.IsNewDbgInfoFormat);
#else
  (void)New, (void)Old;
#endif
}

} // namespace emm::compat

#endif
