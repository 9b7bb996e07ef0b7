//===- reports/record/GeneralYaml.cpp - yaml-cpp's nodes to a remark ------===//

#include "reports/record/GeneralYaml.h"

#include <yaml-cpp/yaml.h>

using namespace llvm;

namespace emm {

namespace {

/// Raised inside this file only.
struct NotARemark {
  std::string Why;
};

class NodeReader {
public:
  explicit NodeReader(BumpPtrAllocator &Strings) : Strings(Strings) {}

  void remark(const YAML::Node &N, Remark &R);

private:
  StringRef text(const YAML::Node &N, StringRef What);
  uint64_t number(const YAML::Node &N, StringRef What);
  RemarkLocation location(const YAML::Node &N);
  RemarkArg arg(const YAML::Node &N);

  BumpPtrAllocator &Strings;
};

StringRef NodeReader::text(const YAML::Node &N, StringRef What) {
  if (N.IsNull())
    return {};
  if (!N.IsScalar())
    throw NotARemark{What.str() + " is not text"};
  return StringRef(N.Scalar()).copy(Strings);
}

uint64_t NodeReader::number(const YAML::Node &N, StringRef What) {
  uint64_t Value;
  if (!N.IsScalar() || StringRef(N.Scalar()).getAsInteger(10, Value))
    throw NotARemark{What.str() + " is not a number"};
  return Value;
}

RemarkLocation NodeReader::location(const YAML::Node &N) {
  if (!N.IsMap())
    throw NotARemark{"DebugLoc is not a mapping"};
  if (!N["File"] || !N["Line"] || !N["Column"])
    throw NotARemark{"DebugLoc lacks File, Line or Column"};
  RemarkLocation L;
  L.File = text(N["File"], "File");
  uint64_t Line = number(N["Line"], "Line"), Column = number(N["Column"], "Column");
  if (Line > ~0u || Column > ~0u)
    throw NotARemark{"a line or column is out of range"};
  L.Line = unsigned(Line);
  L.Column = unsigned(Column);
  return L;
}

RemarkArg NodeReader::arg(const YAML::Node &N) {
  if (!N.IsMap())
    throw NotARemark{"an argument is not a mapping"};
  RemarkArg A;
  bool HasKey = false;
  for (const auto &Pair : N) {
    StringRef Key = text(Pair.first, "a key");
    if (Key == "DebugLoc") {
      A.Loc = location(Pair.second);
    } else if (!HasKey) {
      HasKey = true;
      A.Key = Key;
      A.Value = text(Pair.second, "an argument");
    } else {
      throw NotARemark{"an argument has two keys"};
    }
  }
  if (!HasKey)
    throw NotARemark{"an argument has no key"};
  return A;
}

void NodeReader::remark(const YAML::Node &N, Remark &R) {
  if (!N.IsMap())
    throw NotARemark{"the document is not a mapping"};
  StringRef Tag = StringRef(N.Tag());
  if (!Tag.consume_front("!") || Tag.empty())
    throw NotARemark{"the document has no tag"};
  R.Tag = Tag.copy(Strings);
  for (const char *Key : {"Pass", "Name", "Function"})
    if (!N[Key])
      throw NotARemark{std::string("no `") + Key + ":`"};
  R.Pass = text(N["Pass"], "Pass");
  R.Name = text(N["Name"], "Name");
  R.Function = text(N["Function"], "Function");
  if (YAML::Node Loc = N["DebugLoc"])
    R.Loc = location(Loc);
  if (YAML::Node Hotness = N["Hotness"])
    R.Hotness = number(Hotness, "Hotness");
  if (YAML::Node Args = N["Args"]; Args && !Args.IsNull()) {
    if (!Args.IsSequence())
      throw NotARemark{"Args is not a sequence"};
    for (const YAML::Node &A : Args)
      R.Args.push_back(arg(A));
  }
}

} // namespace

bool decodeGeneralYaml(StringRef Text, Remark &R, BumpPtrAllocator &Strings, std::string &Why) {
  constexpr size_t Limit = size_t(4) << 20;
  if (Text.size() > Limit)
    return Why = "the document is larger than 4 MiB", false;
  try {
    NodeReader(Strings).remark(YAML::Load(Text.str()), R);
    return true;
  } catch (const NotARemark &N) {
    Why = N.Why;
  } catch (const YAML::Exception &X) {
    Why = X.msg;
  }
  R.clear();
  return false;
}

} // namespace emm
