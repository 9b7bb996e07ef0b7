//===- passes/model/ModelFile.cpp - the YAML reader of the models ---------===//

#include "passes/model/ModelFile.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/Twine.h"

#include <yaml-cpp/yaml.h>

using namespace llvm;

namespace emm {

namespace {

/// How one effect is spelled.
struct EffectSpelling {
  Effect E;
  StringRef Name, KeyB, KeyC, KeyText;
  bool HasMode;
};

const EffectSpelling Spellings[] = {
#define EFFECT(Enum, Name, KeyB, KeyC, KeyText, HasMode) {Effect::Enum, Name, KeyB, KeyC, KeyText, HasMode},
#include "passes/model/EffectNames.def"
};

const EffectSpelling *findSpelling(StringRef Name) {
  for (const EffectSpelling &S : Spellings)
    if (S.Name == Name)
      return &S;
  return nullptr;
}

std::string nearest(StringRef Word, ArrayRef<StringRef> Candidates) {
  StringRef Best;
  unsigned BestDistance = ~0u;
  for (StringRef C : Candidates)
    if (unsigned D = Word.edit_distance(C); D < BestDistance)
      Best = C, BestDistance = D;
  return Best.str();
}

/// A wrong model, thrown inside this file only.
struct Wrong {
  int Line; ///< 0-based, as yaml-cpp counts; -1 = unknown
  std::string Reason;
};

[[noreturn]] void fail(const YAML::Node &At, const Twine &Reason) { throw Wrong{At.Mark().line, Reason.str()}; }

[[noreturn]] void failKey(const YAML::Node &At, StringRef Key, ArrayRef<StringRef> Valid) {
  fail(At, "unknown key '" + Key + "'; did you mean '" + nearest(Key, Valid) + "'?");
}

std::optional<int> parseArgument(StringRef V) {
  if (V == "this")
    return 0;
  if (V == "none" || V == "all" || V == "unknown")
    return -1;
  if (V == "result")
    return ResultArgument;
  int N;
  if (V.getAsInteger(10, N) || N < 0 || N > 100)
    return std::nullopt;
  return N;
}

/// Sets the part of \p Out that \p Key names. Returns a complaint, or an empty string.
std::string setPart(OwnedEffect &Out, const EffectSpelling &S, StringRef Key, StringRef Value) {
  if (Key == S.Name || (!S.KeyB.empty() && Key == S.KeyB) || (!S.KeyC.empty() && Key == S.KeyC)) {
    std::optional<int> N = parseArgument(Value);
    if (!N)
      return ("'" + Value + "' is not an argument: a number, 'this', 'result', 'all' or 'none' is expected").str();
    (Key == S.Name ? Out.A : Key == S.KeyB ? Out.B : Out.C) = *N;
    return "";
  }
  if (!S.KeyText.empty() && Key == S.KeyText) {
    Out.Text = Value.str();
    return "";
  }
  if (S.HasMode && Key == "mode") {
    if (Value != "read" && Value != "write")
      return ("mode is 'read' or 'write', not '" + Value + "'").str();
    Out.Mode = Value == "read" ? LockMode::Read : LockMode::Write;
    return "";
  }
  SmallVector<StringRef, 4> Valid = {S.Name};
  for (StringRef K : {S.KeyB, S.KeyC, S.KeyText, StringRef(S.HasMode ? "mode" : "")})
    if (!K.empty())
      Valid.push_back(K);
  return ("unknown key '" + Key + "' of effect '" + S.Name + "'; did you mean '" + nearest(Key, Valid) + "'?").str();
}

const EffectSpelling &effectOf(StringRef Name, const YAML::Node &At) {
  if (const EffectSpelling *S = findSpelling(Name))
    return *S;
  SmallVector<StringRef, 48> Names;
  for (const EffectSpelling &S : Spellings)
    Names.push_back(S.Name);
  fail(At, "unknown effect '" + Name + "'; did you mean '" + nearest(Name, Names) + "'?");
}

/// What holds where the model is silent.
void setDefaults(OwnedEffect &X) {
  if (X.E == Effect::TryAcquire || X.E == Effect::GuardTryLock)
    X.B = 1;
  if (X.E == Effect::StoreInto || X.E == Effect::ReturnArg || X.E == Effect::KeepCallable)
    X.C = 0;
  if (X.E == Effect::Spawn || X.E == Effect::SpawnClosure)
    X.Mode = LockMode::Read;
}

OwnedEffect readEffect(const YAML::Node &N) {
  if (!N.IsMap() || N.size() == 0)
    fail(N, "an effect is a mapping that starts with its name, such as {acquire: this}");
  const EffectSpelling *S = nullptr;
  OwnedEffect Out;
  for (const auto &Pair : N) {
    std::string Key = Pair.first.as<std::string>();
    if (!S) {
      S = &effectOf(Key, Pair.first);
      Out.E = S->E;
      setDefaults(Out);
    }
    if (!Pair.second.IsScalar())
      fail(Pair.second, "the value of '" + Key + "' must be a single word");
    std::string Complaint = setPart(Out, *S, Key, Pair.second.as<std::string>());
    if (!Complaint.empty())
      fail(Pair.second, Complaint);
  }
  return Out;
}

std::vector<OwnedEffect> readEffects(const YAML::Node &N) {
  std::vector<OwnedEffect> Out;
  if (N.IsNull() || (N.IsScalar() && N.as<std::string>() == "known"))
    return Out;
  if (N.IsMap()) {
    Out.push_back(readEffect(N));
    return Out;
  }
  if (!N.IsSequence())
    fail(N, "an effect, a list of effects or 'known' is expected");
  for (const YAML::Node &E : N)
    Out.push_back(readEffect(E));
  return Out;
}

OverloadCondition readCondition(const YAML::Node &N) {
  OverloadCondition C;
  if (!N.IsMap())
    fail(N, "'when' is a mapping of parameter, parameters, const, copy and move");
  for (const auto &Pair : N) {
    std::string Key = Pair.first.as<std::string>();
    if (Key == "parameter")
      C.Parameter = Pair.second.as<std::string>();
    else if (Key == "parameters")
      C.Parameters = Pair.second.as<int>();
    else if (Key == "const")
      C.Const = Pair.second.as<bool>();
    else if (Key == "copy" || Key == "move")
      C.Parameter = Pair.second.as<bool>() ? Key == "copy" ? "@ const&" : "@&&" : "";
    else
      failKey(Pair.first, Key, {"parameter", "parameters", "const", "copy", "move"});
  }
  return C;
}

struct ContextAndKey {
  std::string Context, Key;
};

/// Splits `find, count` and forms the key of each name in each context.
std::vector<ContextAndKey> keysOf(StringRef Names, ArrayRef<std::string> Contexts) {
  std::vector<ContextAndKey> Out;
  SmallVector<StringRef, 8> Parts;
  Names.split(Parts, ',');
  for (const std::string &Context : Contexts)
    for (StringRef Name : Parts) {
      Name = Name.trim();
      if (Name == "constructor" || Name == "destructor")
        Out.push_back({Context, specialKey(Context, Name == "destructor")});
      else
        Out.push_back({Context, Context.empty() ? Name.str() : Context + "::" + Name.str()});
    }
  return Out;
}

std::vector<std::string> readNames(const YAML::Node &N) {
  std::vector<std::string> Out;
  if (N.IsScalar())
    Out.push_back(N.as<std::string>());
  else if (N.IsSequence())
    for (const YAML::Node &E : N)
      Out.push_back(E.as<std::string>());
  else
    fail(N, "a name or a list of names is expected");
  return Out;
}

void readFunction(const YAML::Node &Body, ArrayRef<ContextAndKey> Keys, ModelFile &Out) {
  auto Add = [&](const OverloadCondition &When, const std::vector<OwnedEffect> &Effects) {
    for (const ContextAndKey &K : Keys) {
      Out.Entries.push_back({K.Key, When, Effects});
      // `copy` and `move` stand for the class itself.
      std::string &Parameter = Out.Entries.back().When.Parameter;
      if (StringRef(Parameter).starts_with("@"))
        Parameter = K.Context + Parameter.substr(1);
    }
  };
  bool Overloads = Body.IsSequence() && Body.size() && Body[0].IsMap() && (Body[0]["when"] || Body[0]["do"]);
  if (!Overloads)
    return Add({}, readEffects(Body));
  for (const YAML::Node &Alternative : Body) {
    OverloadCondition When;
    std::vector<OwnedEffect> Effects;
    for (const auto &Pair : Alternative) {
      std::string Key = Pair.first.as<std::string>();
      if (Key == "when")
        When = readCondition(Pair.second);
      else if (Key == "do")
        Effects = readEffects(Pair.second);
      else
        failKey(Pair.first, Key, {"when", "do"});
    }
    Add(When, Effects);
  }
}

void readGroup(const YAML::Node &Group, ModelFile &Out) {
  if (!Group.IsMap())
    fail(Group, "a model is a mapping with the keys context, map and functions");
  std::vector<std::string> Contexts = {""};
  for (const auto &Pair : Group) {
    std::string Key = Pair.first.as<std::string>();
    if (Key == "context")
      Contexts = readNames(Pair.second);
    else if (Key != "map" && Key != "functions")
      failKey(Pair.first, Key, {"context", "map", "functions"});
  }
  if (Group["map"] && Group["map"].as<bool>())
    Out.MapTypes.insert(Out.MapTypes.end(), Contexts.begin(), Contexts.end());
  if (YAML::Node Functions = Group["functions"]) {
    if (!Functions.IsMap())
      fail(Functions, "'functions' maps names to effects");
    for (const auto &Pair : Functions)
      readFunction(Pair.second, keysOf(Pair.first.as<std::string>(), Contexts), Out);
  }
}

} // namespace

Expected<ModelFile> readModelFile(StringRef Path) {
  auto Error = [&](int Line, const Twine &Reason) {
    return createStringError(Line < 0 ? Path + ": " + Reason : Path + ":" + Twine(Line + 1) + ": " + Reason);
  };
  try {
    ModelFile Out;
    YAML::Node Root = YAML::LoadFile(Path.str());
    if (Root.IsNull())
      return Out;
    if (!Root.IsMap())
      fail(Root, "a mapping with the keys library and models is expected");
    for (const auto &Pair : Root) {
      std::string Key = Pair.first.as<std::string>();
      if (Key == "library")
        Out.Libraries = readNames(Pair.second);
      else if (Key == "models")
        for (const YAML::Node &Group : Pair.second)
          readGroup(Group, Out);
      else
        failKey(Pair.first, Key, {"library", "models"});
    }
    return Out;
  } catch (const Wrong &W) {
    return Error(W.Line, W.Reason);
  } catch (const YAML::BadFile &) {
    return Error(-1, "cannot be read");
  } catch (const YAML::Exception &E) {
    return Error(E.mark.line, E.msg);
  }
}

Expected<OwnedEffect> readAnnotation(StringRef Text) {
  SmallVector<StringRef, 4> Parts;
  Text.split(Parts, ',');
  OwnedEffect Out;
  const EffectSpelling *S = nullptr;
  for (StringRef Part : Parts) {
    auto [Key, Value] = Part.split('=');
    Key = Key.trim();
    Value = Value.trim();
    if (!S) {
      S = findSpelling(Key);
      if (!S)
        return createStringError("unknown effect '" + Key + "' in annotation 'emm:" + Text + "'");
      Out.E = S->E;
      setDefaults(Out);
    }
    std::string Complaint = setPart(Out, *S, Key, Value.empty() ? StringRef("none") : Value);
    if (!Complaint.empty())
      return createStringError(Complaint + " in annotation 'emm:" + Text + "'");
  }
  return Out;
}

} // namespace emm
