//===- passes/model/ModelFile.h - models as they stand in a file ----------===//
//
// The YAML form of the models (schema: passes/models/README.md) and the reader
// of one effect, which annotations share. yaml-cpp reports by exceptions; none
// leaves ModelFile.cpp.
//
//===----------------------------------------------------------------------===//

#ifndef EMM_PASSES_MODEL_MODELFILE_H
#define EMM_PASSES_MODEL_MODELFILE_H

#include "passes/model/LibraryModels.h"

#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace emm {

/// An effect that owns its text.
struct OwnedEffect {
  Effect E = Effect::NoRetain;
  int A = -1, B = -1, C = -1;
  LockMode Mode = LockMode::Write;
  std::string Text;
};

/// When an overload is meant. Every part that is set must hold.
struct OverloadCondition {
  std::string Parameter;  ///< occurs in the parameter list, template arguments erased; empty = any
  int Parameters = -1;    ///< number of parameters in parentheses; -1 = any
  bool Const = false;     ///< only the const member

  bool conditional() const { return !Parameter.empty() || Parameters >= 0 || Const; }
};

/// The model of one function, or of one overload of it.
struct ModelEntry {
  std::string Key; ///< `std::map::find`, `malloc`, `std::mutex::(constructor)`, `std::vector::*`
  OverloadCondition When;
  std::vector<OwnedEffect> Effects;
};

struct ModelFile {
  std::vector<ModelEntry> Entries;      ///< in the order of the file
  std::vector<std::string> Libraries;   ///< top-level namespaces whose code is never reported
  std::vector<std::string> MapTypes;    ///< contexts marked `map: true`
};

/// Reads \p Path. The error is one line: `PATH:LINE: reason`.
llvm::Expected<ModelFile> readModelFile(llvm::StringRef Path);

/// Reads what stands behind `emm:` in an annotation: `acquire=0`, `spawn=2,arguments=3,handle=0`.
llvm::Expected<OwnedEffect> readAnnotation(llvm::StringRef Text);

/// The entry key of the constructor or destructor of \p Context.
inline std::string specialKey(llvm::StringRef Context, bool Destructor) {
  return (Context + (Destructor ? "::(destructor)" : "::(constructor)")).str();
}

} // namespace emm

#endif
