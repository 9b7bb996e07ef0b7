//===- passes/Plugin.cpp - the entry point that clang looks for -----------===//
//
// The only file that includes PassBuilder.h. Nothing here may run before the
// version of the clang that loads the plugin is known to be the one it was
// built for: a static cl::opt alone crashes another one. In another clang the
// plugin hands over to the one built for it, `emm-MAJOR.so` in its own folder,
// and without one lets clang compile as if it were not there.
//
//===----------------------------------------------------------------------===//

#include "passes/Options.h"
#include "passes/Session.h"

#include "llvm-c/Core.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/CommandLine.h"
#if __has_include("llvm/Plugins/PassPlugin.h")
#include "llvm/Plugins/PassPlugin.h"
#else
#include "llvm/Passes/PassPlugin.h"
#endif

#include <climits>
#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>

using namespace llvm;

#define EMM_PLUGIN_EXPORT extern "C" __attribute__((visibility("default")))

namespace {

unsigned runningMajor() {
  unsigned Major = 0;
  LLVMGetVersion(&Major, nullptr, nullptr);
  return Major;
}

cl::opt<std::string> *ExtraSwitches = nullptr;

__attribute__((constructor)) void createSwitches() {
  if (runningMajor() == LLVM_VERSION_MAJOR)
    ExtraSwitches = new cl::opt<std::string>("emm-opts", cl::desc("switches for emm, as in the environment variable EMM"));
}

/// What -O was given; -Os and -Oz are -O2 with a size level.
StringRef spell(OptimizationLevel L) {
  if (L == OptimizationLevel::Os)
    return "-Os";
  if (L == OptimizationLevel::Oz)
    return "-Oz";
  static constexpr StringRef Names[] = {"-O0", "-O1", "-O2", "-O3"};
  return Names[std::min(L.getSpeedupLevel(), 3u)];
}

struct StartPass : PassInfoMixin<StartPass> {
  std::shared_ptr<emm::Session> S;
  PreservedAnalyses run(Module &M, ModuleAnalysisManager &MAM) {
    S->start(M, MAM);
    return PreservedAnalyses::all();
  }
  static bool isRequired() { return true; }
};

struct BeginPass : PassInfoMixin<BeginPass> {
  std::shared_ptr<emm::Session> S;
  StringRef Level;
  PreservedAnalyses run(Module &M, ModuleAnalysisManager &MAM) {
    S->begin(M, MAM, Level);
    return PreservedAnalyses::all();
  }
  static bool isRequired() { return true; }
};

struct FinishPass : PassInfoMixin<FinishPass> {
  std::shared_ptr<emm::Session> S;
  PreservedAnalyses run(Module &M, ModuleAnalysisManager &) {
    S->finish(M);
    return PreservedAnalyses::all();
  }
  static bool isRequired() { return true; }
};

void registerPasses(PassBuilder &PB) {
  auto S = std::make_shared<emm::Session>(emm::readOptions(ExtraSwitches ? StringRef(*ExtraSwitches) : StringRef()));
  PB.registerPipelineStartEPCallback([S](ModulePassManager &PM, OptimizationLevel) {
    StartPass P;
    P.S = S;
    PM.addPass(std::move(P));
  });
  // The trailing pack takes the LTO phase that LLVM 22 passes and 19 does not.
  PB.registerPipelineEarlySimplificationEPCallback([S](ModulePassManager &PM, OptimizationLevel L, auto...) {
    BeginPass P;
    P.S = S;
    P.Level = spell(L);
    PM.addPass(std::move(P));
  });
  PB.registerOptimizerLastEPCallback([S](ModulePassManager &PM, OptimizationLevel, auto...) {
    FinishPass P;
    P.S = S;
    PM.addPass(std::move(P));
  });
}

void registerNothing(PassBuilder &) {}

/// The layout that clang up to 21 expects, for declining without touching memory behind it.
struct OldPluginInfo {
  uint32_t APIVersion;
  const char *PluginName;
  const char *PluginVersion;
  void (*RegisterPassBuilderCallbacks)(PassBuilder &);
};

using PluginEntry = PassPluginLibraryInfo (*)();

/// The entry of the plugin that was built for clang \p Major; null if there is none beside this one.
PluginEntry entryFor(unsigned Major) {
  Dl_info Self;
  char Own[PATH_MAX], Other[PATH_MAX];
  if (!dladdr(reinterpret_cast<void *>(registerNothing), &Self) || !realpath(Self.dli_fname, Own))
    return nullptr;
  std::string Path(Own);
  Path = Path.substr(0, Path.rfind('/') + 1) + "emm-" + std::to_string(Major) + ".so";
  // A file of that name that is this plugin would ask itself for ever.
  if (!realpath(Path.c_str(), Other) || std::string(Own) == Other)
    return nullptr;
  void *Handle = dlopen(Other, RTLD_LAZY | RTLD_LOCAL);
  return Handle ? reinterpret_cast<PluginEntry>(dlsym(Handle, "llvmGetPassPluginInfo")) : nullptr;
}

OldPluginInfo declineOld() { return {1, "emm", "0.1.0", registerNothing}; }

} // namespace

EMM_PLUGIN_EXPORT PassPluginLibraryInfo LLVM_ATTRIBUTE_WEAK llvmGetPassPluginInfo() {
  unsigned Running = runningMajor();
  if (Running == LLVM_VERSION_MAJOR) {
    PassPluginLibraryInfo Info = {};
    Info.APIVersion = LLVM_PLUGIN_API_VERSION;
    Info.PluginName = "emm";
    Info.PluginVersion = "0.1.0";
    Info.RegisterPassBuilderCallbacks = registerPasses;
    return Info;
  }
  // Both callers pass the address of the result; elision hands it on, so only the running clang's layout is written.
  if (PluginEntry Entry = entryFor(Running))
    return Entry();
  errs() << "emm: warning: this plugin was built for LLVM " << LLVM_VERSION_MAJOR << " and clang is version " << Running
         << "; compiling without it\n";
  if (const char *Copies = std::getenv("EMM_COPY"))
    if (std::FILE *Mark = std::fopen((std::string(Copies) + "/declined-" + std::to_string(Running)).c_str(), "a"))
      std::fclose(Mark); // `emm run` says it once at the end
  if (Running < 22)
    return reinterpret_cast<PassPluginLibraryInfo (*)()>(reinterpret_cast<void *>(declineOld))();
  PassPluginLibraryInfo Info = {};
  Info.APIVersion = 2;
  Info.PluginName = "emm";
  Info.PluginVersion = "0.1.0";
  Info.RegisterPassBuilderCallbacks = registerNothing;
  return Info;
}
