//===- reports/evidence/CensusText.cpp ------------------------------------===//

#include "reports/evidence/CensusText.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Demangle/Demangle.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/GlobPattern.h"
#include "llvm/Support/JSON.h"

using namespace llvm;

namespace emm::evidence {

namespace {

constexpr Operation All[] = {Operation::Instruction,    Operation::Lock,         Operation::CompareExchange,
                             Operation::Exchange,       Operation::ReadModifyWrite, Operation::Fence,
                             Operation::ExclusiveLoad,  Operation::ExclusiveStore, Operation::AcquireLoad,
                             Operation::ReleaseStore,   Operation::SharedStore,  Operation::PointerStore};

/// What an architecture does not have is no column of its table.
std::vector<Operation> columnsOf(const Census &C) {
  bool X86 = C.Architecture == "x86_64";
  std::vector<Operation> Out;
  for (Operation O : All) {
    bool OnlyArm = O == Operation::ExclusiveLoad || O == Operation::ExclusiveStore || O == Operation::AcquireLoad ||
                   O == Operation::ReleaseStore;
    if (X86 ? !OnlyArm : O != Operation::Lock)
      Out.push_back(O);
  }
  return Out;
}

bool synchronises(const Counts &N) {
  for (Operation O : All)
    if (O != Operation::Instruction && O != Operation::SharedStore && O != Operation::PointerStore && N[O])
      return true;
  return false;
}

/// Rules by which the records speak of \p Object or of a part of it.
std::set<std::string> findingsOf(const CensusOptions &O, StringRef Object) {
  std::set<std::string> Out;
  std::string Name = demangle(Object);
  for (const auto &Entry : O.Findings) {
    StringRef Subject = Entry.first();
    if (Subject.consume_front(Name) && (Subject.empty() || StringRef(".-[").contains(Subject.front())))
      Out.insert(Entry.second.begin(), Entry.second.end());
  }
  return Out;
}


std::vector<std::string> notFollowed(const FunctionCensus &F) {
  std::vector<std::string> Out;
  for (const std::string &N : F.NotFollowed)
    Out.push_back(demangle(N));
  llvm::sort(Out);
  auto Counted = [&](unsigned N, const char *What) {
    if (N)
      Out.push_back(formatv("{0} {1}{2}", N, What, N == 1 ? "" : "s"));
  };
  Counted(F.NotFollowedCalls, "indirect call");
  Counted(F.NotFollowedJumps, "indirect jump");
  return Out;
}

} // namespace

Expected<std::vector<uint32_t>> selectFunctions(const Census &C, ArrayRef<std::string> Patterns, const CensusOptions &O) {
  std::vector<GlobPattern> Globs;
  for (const std::string &Text : Patterns) {
    Expected<GlobPattern> G = GlobPattern::create(Text);
    if (!G)
      return createStringError(inconvertibleErrorCode(), "--function: bad pattern `%s`: %s", Text.c_str(),
                               toString(G.takeError()).c_str());
    Globs.push_back(std::move(*G));
  }
  std::vector<uint32_t> Out;
  for (uint32_t I = 0; I < C.Functions.size(); ++I) {
    const FunctionCensus &F = C.Functions[I];
    if (O.OnlySynchronising && !synchronises(O.OwnOnly ? F.Own : F.Total))
      continue;
    std::string Name = Globs.empty() ? "" : demangle(F.Name);
    if (Globs.empty() || any_of(Globs, [&](const GlobPattern &G) { return G.match(F.Name) || G.match(Name); }))
      Out.push_back(I);
  }
  return Out;
}

void writeCensusText(raw_ostream &OS, const Census &C, ArrayRef<uint32_t> Shown, const CensusOptions &O) {
  std::vector<Operation> Columns = columnsOf(C);
  auto Row = [&](const Counts &N, StringRef What) {
    for (Operation Column : Columns)
      OS << right_justify(utostr(N[Column]), 8);
    OS << "  " << What << '\n';
  };
  for (Operation Column : Columns)
    OS << right_justify(operationInfo(Column).Column, 8);
  OS << "  function\n";
  StringRef Object;
  for (uint32_t I : Shown) {
    const FunctionCensus &F = C.Functions[I];
    if (F.Object != Object)
      OS << F.Object << ":\n";
    Object = F.Object;
    Row(F.Own, demangle(F.Name));
    if (F.Followed && !O.OwnOnly)
      Row(F.Total, formatv("  with {0} function{1} called", F.Followed, F.Followed == 1 ? "" : "s").str());
    std::string Indent(8 * Columns.size() + 4, ' ');
    if (F.Undecoded)
      OS << Indent << F.Undecoded << " bytes are no instruction\n";
    for (const std::string &Name : F.SharedObjects) {
      std::set<std::string> Rules = findingsOf(O, Name);
      OS << Indent << "stores to " << demangle(Name);
      if (!Rules.empty())
        OS << " [" << join(Rules, ", ") << "]";
      OS << '\n';
    }
    if (std::vector<std::string> Not = notFollowed(F); !Not.empty() && !O.OwnOnly)
      OS << Indent << "not followed: " << join(Not, ", ") << '\n';
  }
}

void writeCensusJson(raw_ostream &OS, const Census &C, ArrayRef<uint32_t> Shown, const CensusOptions &O) {
  std::vector<Operation> Columns = columnsOf(C);
  json::OStream J(OS, 1);
  auto Text = [](StringRef S) { return json::isUTF8(S) ? S.str() : json::fixUTF8(S); };
  auto Row = [&](const char *Key, const Counts &N) {
    J.attributeObject(Key, [&] {
      for (Operation Column : Columns)
        J.attribute(operationInfo(Column).Key, int64_t(N[Column]));
    });
  };
  J.object([&] {
    J.attribute("version", 1);
    J.attribute("architecture", C.Architecture);
    J.attributeArray("functions", [&] {
      for (uint32_t I : Shown) {
        const FunctionCensus &F = C.Functions[I];
        J.object([&] {
          J.attribute("symbol", Text(F.Name));
          J.attribute("name", Text(demangle(F.Name)));
          J.attribute("object", Text(F.Object));
          Row("own", F.Own);
          if (F.Undecoded)
            J.attribute("undecodedBytes", int64_t(F.Undecoded));
          J.attributeArray("sharedObjects", [&] {
            for (const std::string &Name : F.SharedObjects)
              J.object([&] {
                J.attribute("name", Text(demangle(Name)));
                J.attributeArray("findings", [&] {
                  for (const std::string &Rule : findingsOf(O, Name))
                    J.value(Rule);
                });
              });
          });
          J.attributeArray("calls", [&] {
            for (uint32_t Callee : F.Callees)
              J.value(Text(C.Functions[Callee].Name));
          });
          Row("total", F.Total);
          J.attribute("followed", int64_t(F.Followed));
          J.attributeArray("notFollowed", [&] {
            for (const std::string &Name : F.NotFollowed)
              J.value(Text(Name));
          });
          J.attribute("indirectCalls", int64_t(F.NotFollowedCalls));
          J.attribute("indirectJumps", int64_t(F.NotFollowedJumps));
        });
      }
    });
  });
  OS << '\n';
}

} // namespace emm::evidence
