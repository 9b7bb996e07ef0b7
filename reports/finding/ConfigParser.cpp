//===- reports/finding/ConfigParser.cpp - strict reading of `.emm.yaml` ---===//

#include "reports/finding/Config.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

#include <yaml-cpp/yaml.h>

using namespace llvm;

namespace emm {

namespace {

/// Raised inside this file only.
struct BadConfig {
  int Line;
  std::string Why;
};

class ConfigParser {
public:
  explicit ConfigParser(Config &C) : C(C) {}

  void root(const YAML::Node &N);

private:
  [[noreturn]] static void fail(const YAML::Node &N, const Twine &Why) {
    throw BadConfig{N.Mark().line + 1, Why.str()};
  }
  static std::string text(const YAML::Node &N, StringRef What);
  static std::string nearest(StringRef Word, ArrayRef<StringRef> Known);
  /// Calls \p Each with every key and value of the mapping \p N; the key must be one of \p Known.
  template <typename Fn> void keys(const YAML::Node &N, StringRef What, ArrayRef<StringRef> Known, Fn Each);
  template <typename Fn> void items(const YAML::Node &N, StringRef What, Fn Each);
  GlobPattern glob(const YAML::Node &N, StringRef Text);
  GlobPattern ruleGlob(const YAML::Node &N, StringRef Text);
  std::vector<GlobPattern> pathGlobs(const YAML::Node &N, StringRef What);
  std::vector<Config::RuleLevel> rules(const YAML::Node &N);
  Level level(const YAML::Node &N);
  bool boolean(const YAML::Node &N, StringRef What);
  void override(const YAML::Node &N);

  Config &C;
};

std::string ConfigParser::text(const YAML::Node &N, StringRef What) {
  if (!N.IsScalar())
    fail(N, What + " must be a single value");
  return N.Scalar();
}

std::string ConfigParser::nearest(StringRef Word, ArrayRef<StringRef> Known) {
  StringRef Best = Known.front();
  for (StringRef K : Known)
    if (Word.edit_distance(K) < Word.edit_distance(Best))
      Best = K;
  return Best.str();
}

template <typename Fn> void ConfigParser::keys(const YAML::Node &N, StringRef What, ArrayRef<StringRef> Known, Fn Each) {
  if (N.IsNull())
    return;
  if (!N.IsMap())
    fail(N, What + " must be a mapping");
  std::vector<std::string> Seen;
  for (const auto &Pair : N) {
    std::string Key = text(Pair.first, "a key");
    if (!Known.empty() && !is_contained(Known, StringRef(Key)))
      fail(Pair.first, "unknown key `" + Key + "` in " + What + ", did you mean `" + nearest(Key, Known) + "`?");
    if (is_contained(Seen, Key))
      fail(Pair.first, "key `" + Key + "` is given twice");
    Seen.push_back(Key);
    Each(StringRef(Seen.back()), Pair.first, Pair.second);
  }
}

template <typename Fn> void ConfigParser::items(const YAML::Node &N, StringRef What, Fn Each) {
  if (N.IsScalar())
    return Each(N);
  if (N.IsNull())
    return;
  if (!N.IsSequence())
    fail(N, What + " must be a list");
  for (const YAML::Node &Item : N)
    Each(Item);
}

GlobPattern ConfigParser::glob(const YAML::Node &N, StringRef Text) {
  Expected<GlobPattern> G = GlobPattern::create(Text, /*MaxSubPatterns=*/1024);
  if (!G) {
    consumeError(G.takeError());
    fail(N, "bad pattern `" + Text + "`");
  }
  return *G;
}

GlobPattern ConfigParser::ruleGlob(const YAML::Node &N, StringRef Text) {
  GlobPattern G = glob(N, Text);
  for (const RuleInfo &I : allRules())
    if (G.match(I.Id))
      return G;
  fail(N, "no rule matches `" + Text + "`, did you mean `" + nearestRule(Text) + "`?");
}

std::vector<GlobPattern> ConfigParser::pathGlobs(const YAML::Node &N, StringRef What) {
  std::vector<GlobPattern> Out;
  items(N, What, [&](const YAML::Node &Item) {
    StringRef Text = C.keep(text(Item, What));
    while (Text.consume_front("./"))
      ;
    if (Text.empty())
      fail(Item, "empty pattern in " + What);
    Out.push_back(glob(Item, Text));
    // A directory stands for what is in it.
    Out.push_back(glob(Item, C.keep((Text + (Text.ends_with("/") ? "*" : "/*")).str())));
  });
  return Out;
}

Level ConfigParser::level(const YAML::Node &N) {
  std::string Word = text(N, "a level");
  if (std::optional<Level> L = parseLevel(Word))
    return *L;
  // YAML 1.1 readers take a bare `off` for a boolean, and people write what they are used to.
  if (Word == "false" || Word == "no")
    return Level::Off;
  fail(N, "unknown level `" + Word + "`, did you mean `" + nearest(Word, {"off", "note", "warning", "error"}) + "`?");
}

bool ConfigParser::boolean(const YAML::Node &N, StringRef What) {
  std::string Word = text(N, What);
  if (Word == "true")
    return true;
  if (Word != "false")
    fail(N, What + " must be true or false, not `" + Word + "`");
  return false;
}

std::vector<Config::RuleLevel> ConfigParser::rules(const YAML::Node &N) {
  std::vector<Config::RuleLevel> Out;
  keys(N, "rules", {}, [&](StringRef Key, const YAML::Node &KeyNode, const YAML::Node &Value) {
    StringRef Pattern = C.keep(Key);
    Out.push_back({Pattern.str(), ruleGlob(KeyNode, Pattern), level(Value)});
  });
  return Out;
}

void ConfigParser::override(const YAML::Node &N) {
  Config::Override O;
  bool HasPaths = false;
  keys(N, "overrides", {"paths", "rules"}, [&](StringRef Key, const YAML::Node &, const YAML::Node &Value) {
    if (Key == "paths") {
      O.Paths = pathGlobs(Value, "paths");
      HasPaths = !O.Paths.empty();
    } else {
      O.Rules = rules(Value);
    }
  });
  if (!HasPaths)
    fail(N, "an override needs `paths`");
  C.Overrides.push_back(std::move(O));
}

void ConfigParser::root(const YAML::Node &N) {
  static constexpr StringRef Known[] = {"rules", "paths", "overrides", "models", "gate"};
  keys(N, "the configuration", Known, [&](StringRef Key, const YAML::Node &, const YAML::Node &Value) {
    if (Key == "rules") {
      C.Rules = rules(Value);
    } else if (Key == "paths") {
      keys(Value, "paths", {"include", "exclude", "system-headers"},
           [&](StringRef Sub, const YAML::Node &, const YAML::Node &V) {
             if (Sub == "include")
               C.Include = pathGlobs(V, Sub);
             else if (Sub == "exclude")
               C.Exclude = pathGlobs(V, Sub);
             else
               C.SystemHeaders = boolean(V, Sub);
           });
    } else if (Key == "overrides") {
      items(Value, Key, [&](const YAML::Node &Item) { override(Item); });
    } else if (Key == "models") {
      items(Value, Key, [&](const YAML::Node &Item) {
        SmallString<256> Path(C.Directory);
        std::string Name = text(Item, "a model");
        if (sys::path::is_absolute(Name))
          Path.clear();
        sys::path::append(Path, Name);
        sys::path::remove_dots(Path, /*remove_dot_dot=*/true);
        if (!sys::fs::exists(Path))
          fail(Item, "no such model file: `" + Path + "`");
        C.Models.push_back(std::string(Path));
      });
    } else {
      keys(Value, "gate", {"level", "budgets"}, [&](StringRef Sub, const YAML::Node &, const YAML::Node &V) {
        if (Sub == "level") {
          C.GateLevel = level(V);
          return;
        }
        keys(V, "budgets", {}, [&](StringRef Rule, const YAML::Node &RuleNode, const YAML::Node &Number) {
          unsigned Max;
          if (StringRef(text(Number, "a budget")).getAsInteger(10, Max))
            fail(Number, "a budget must be a number, not `" + Number.Scalar() + "`");
          StringRef Pattern = C.keep(Rule);
          C.Budgets.push_back({Pattern.str(), ruleGlob(RuleNode, Pattern), Max});
        });
      });
    }
  });
}

} // namespace

Expected<Config> parseConfig(StringRef Text, StringRef File) {
  Config C;
  C.File = File.str();
  SmallString<256> Dir(File);
  sys::fs::make_absolute(Dir);
  sys::path::remove_dots(Dir, /*remove_dot_dot=*/true);
  C.Directory = sys::path::parent_path(Dir).str();
  int Line;
  std::string Why;
  try {
    ConfigParser(C).root(YAML::Load(Text.str()));
    return C;
  } catch (const BadConfig &B) {
    Line = B.Line;
    Why = B.Why;
  } catch (const YAML::Exception &X) {
    Line = X.mark.line + 1;
    Why = X.msg;
  }
  return createStringError(inconvertibleErrorCode(), "%s:%d: %s", C.File.c_str(), Line, Why.c_str());
}

} // namespace emm
