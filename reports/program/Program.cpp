//===- reports/program/Program.cpp - reading and linking summaries --------===//

#include "reports/program/Program.h"

#include "reports/finding/ProgramKeys.h"

#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace emm::program {

namespace {

class Linker {
public:
  explicit Linker(const Report &R) : R(R) { Out.Symbols.push_back(""); Out.Definitions.emplace_back(); }
  Program run();

private:
  uint32_t symbol(StringRef Name, bool Local);
  PlaceId place(StringRef Text);
  PlaceSet places(StringRef Text);
  LockSet locks(StringRef Text);
  Modes modes(StringRef Text);
  bool read(const Summary &S);
  void event(StringRef Text, Event &E);
  Position position(StringRef Text);
  void name(StringRef Value, DenseMap<PlaceId, PlaceName> &Names);
  void block(StringRef Value);
  void told(StringRef Value);
  void keep(uint32_t Symbol);
  void keepFunctions();
  void completeNames(DenseMap<PlaceId, PlaceName> &Names);

  const Report &R;
  Program Out;
  StringMap<uint32_t> SymbolIds;
  DenseMap<StringRef, PlaceId> PlaceIds; ///< of the document that is read
  uint32_t Unit = 0, Number = 0;         ///< of the document that is read
  std::vector<std::pair<uint32_t, uint32_t>> Aliases; ///< symbols: a further name, and of what
  SmallVector<uint32_t, 4> Files;
  int64_t Line = 0;
  bool Bad = false;
  Function F;
};

uint32_t Linker::symbol(StringRef Name, bool Local) {
  std::string Key = Name.str();
  if (Local)
    Key += '\0' + utostr(Unit);
  auto [It, New] = SymbolIds.try_emplace(Key, Out.Symbols.size());
  if (New) {
    Out.Symbols.push_back(Name);
    Out.Definitions.emplace_back();
  }
  return It->second;
}

PlaceId Linker::place(StringRef Text) {
  if (Text == "?")
    return Unknown;
  auto [It, New] = PlaceIds.try_emplace(Text, Unknown);
  if (!New)
    return It->second;
  auto [Name, PathText] = Text.split(':');
  if (Name.empty()) {
    Bad = true;
    return Unknown;
  }
  Root X;
  char Letter = Name.front();
  StringRef Rest = Name.drop_front();
  unsigned Index = 0;
  auto Numbered = [&](RootKind K) {
    auto [Main, Extra] = Rest.split('_');
    unsigned Argument = 0;
    Bad |= Main.getAsInteger(10, Index) || (!Extra.empty() && Extra.getAsInteger(10, Argument));
    X = {K, K == RootKind::Param ? Index : Number, K == RootKind::Param ? 0 : Index * 2048 + Argument, 0};
  };
  switch (Letter) {
  case 'G': case 'g':
    X = {RootKind::Global, symbol(Rest, Letter == 'g'), 0, 0};
    break;
  case 'F': case 'f':
    X = {RootKind::Function, symbol(Rest, Letter == 'f'), 0, 0};
    break;
  case 'P': Numbered(RootKind::Param); break;
  case 'L': Numbered(RootKind::Local); break;
  case 'H': Numbered(RootKind::Heap); break;
  case 'R': Numbered(RootKind::Result); X.Index = Index; break;
  case 'C': Numbered(RootKind::Copy); break;
  default: Bad = true; return Unknown;
  }
  SmallVector<Offset, 3> Path;
  SmallVector<StringRef, 4> Steps;
  PathText.split(Steps, '*');
  for (StringRef Step : Steps) {
    Offset O;
    O.Any = Step.consume_back("~");
    Bad |= !Step.empty() && Step.getAsInteger(10, O.Bytes);
    Path.push_back(O);
  }
  PlaceId Id = Out.P.make(Out.P.root(X), Path);
  PlaceIds[Text] = Id;
  return Id;
}

PlaceSet Linker::places(StringRef Text) {
  PlaceSet Set;
  if (Text == "-" || Text.empty())
    return Set;
  SmallVector<StringRef, 4> Parts;
  Text.split(Parts, ',');
  for (StringRef Part : Parts)
    Out.P.insert(Set, place(Part));
  return Set;
}

LockSet Linker::locks(StringRef Text) {
  LockSet Set;
  if (Text == "-" || Text.empty())
    return Set;
  SmallVector<StringRef, 4> Parts;
  Text.split(Parts, ',');
  for (StringRef Part : Parts) {
    LockMode Mode = Part.consume_back("/r") ? LockMode::Read : LockMode::Write;
    Part.consume_back("/w");
    Set.push_back({place(Part), Mode});
  }
  llvm::sort(Set);
  return Set;
}

Modes Linker::modes(StringRef Text) {
  Modes Set;
  if (Text == "-" || Text.empty())
    return Set;
  SmallVector<StringRef, 4> Parts;
  Text.split(Parts, ',');
  for (StringRef Part : Parts) {
    ModeTest M;
    size_t At = Part.find_first_of("=!");
    if (At == StringRef::npos || Part.drop_front(At + 1).getAsInteger(10, M.Value)) {
      Bad = true;
      continue;
    }
    M.Global = place(Part.take_front(At));
    M.Equal = Part[At] == '=';
    Set.push_back(M);
  }
  return Set;
}

/// `LINE:COLUMN` or `FILE/LINE:COLUMN`, the line counted from the last one.
Position Linker::position(StringRef Text) {
  Position Out;
  unsigned File = 0;
  if (auto [Number, Rest] = Text.split('/'); Rest.data()) {
    Bad |= Number.getAsInteger(10, File);
    Text = Rest;
  }
  auto [LineText, ColumnText] = Text.split(':');
  int64_t By = 0;
  Bad |= File >= Files.size() || LineText.getAsInteger(10, By) || ColumnText.getAsInteger(10, Out.Column);
  Line += By;
  Bad |= Line < 0 || Line > UINT32_MAX;
  if (Bad)
    return {};
  Out.File = Files[File];
  Out.Line = uint32_t(Line);
  return Out;
}

void Linker::event(StringRef Text, Event &E) {
  SmallVector<StringRef, 8> W, Words, At;
  auto [Body, Positions] = Text.split('@');
  Positions.split(At, '@');
  for (StringRef P : At)
    E.Sites.push_back(position(P));
  Body.rtrim().split(W, ' ');
  for (StringRef Word : W) {
    if (Word.size() < 3 || Word[1] != '=') {
      Words.push_back(Word);
      continue;
    }
    StringRef Value = Word.drop_front(2);
    switch (Word[0]) {
    case 'c': Bad |= Value.getAsInteger(10, E.Count); break;
    case 'l': E.Locks = locks(Value); break;
    case 'm': E.Tested = modes(Value); break;
    case 'h': E.Handles = places(Value); break;
    case 'n': E.Fresh = places(Value); break;
    case 'f':
      E.Volatile = Value.contains('v');
      E.FromLoad = Value.contains('l');
      E.AfterSignal = E.Several = Value.contains('s');
      E.AfterJoin = Value.contains('j');
      E.Relaxed = Value.contains('x');
      E.ZeroTells = Value.contains('z');
      E.Waits = Value.contains('w');
      E.AtEnd = Value.contains('e');
      E.AtomicWait = Value.contains('a');
      E.Awaits = Value.contains('g');
      E.Condition = Value.contains('k');
      E.Wakes = Value.contains('o');
      break;
    default: Bad = true;
    }
  }
  char Kind = Words[0].size() == 1 ? Words[0][0] : '?';
  bool Call = Kind == 'c', Start = Kind == 's';
  size_t Access = StringRef(KindLetters).find(Kind);
  if (Words.size() < (Call || Access != StringRef::npos ? 3 : 2)) {
    Bad = true;
    return;
  }
  if (Call)
    Bad |= Words[1].getAsInteger(10, E.Number);
  E.Place = place(Words[Call ? 2 : 1]);
  for (size_t N = Call ? 3 : 2; (Call || Start) && N < Words.size(); ++N)
    E.Arguments.push_back(places(Words[N]));
  if (Call) {
    E.K = Event::Call;
  } else if (Start) {
    E.K = Event::Start;
  } else if (Kind == 'j') {
    E.K = Event::Join;
  } else if (Kind == 'q') {
    E.K = Event::Order;
  } else if (Access != StringRef::npos) {
    E.K = Event::Access;
    E.Kind = race::AccessKind(Access);
    Bad |= Words[2].getAsInteger(10, E.Size);
  } else {
    Bad = true;
  }
}

void Linker::block(StringRef Value) {
  Block &B = F.Blocks.emplace_back();
  SmallVector<StringRef, 8> Parts, Words;
  Value.split(Parts, ';');
  Parts[0].split(Words, ' ', -1, /*KeepEmpty=*/false);
  for (StringRef W : Words) {
    uint32_t To = 0;
    if (W == "ret")
      B.Returns = true;
    else if (W != "-") {
      Bad |= W.getAsInteger(10, To);
      B.Next.push_back(To);
    }
  }
  for (StringRef Text : ArrayRef(Parts).drop_front())
    event(Text, B.Events.emplace_back());
}

void Linker::told(StringRef Value) {
  SmallVector<StringRef, 4> Words;
  Value.split(Words, ' ');
  auto [BlockText, IndexText] = Words[0].split('.');
  uint32_t Block = 0, Index = 0;
  if (Words.size() < 2 || Words[1].size() != 3 || BlockText.getAsInteger(10, Block) || IndexText.getAsInteger(10, Index)) {
    Bad = true;
    return;
  }
  Told &T = F.ToldBy[{Block, Index}];
  Tells *Answers[] = {&T.IfZero, &T.IfNonZero, &T.Always};
  for (unsigned N = 0; N < 3; ++N) {
    Bad |= !StringRef("-zn").contains(Words[1][N]);
    *Answers[N] = Words[1][N] == 'z' ? Tells::Zero : Words[1][N] == 'n' ? Tells::NonZero : Tells::Nothing;
  }
  for (StringRef Word : ArrayRef(Words).drop_front(2)) {
    SmallVector<StringRef, 3> Parts;
    Word.split(Parts, ':');
    Fork K;
    uint32_t *Numbers[] = {&K.Block, &K.IfZero, &K.IfNonZero};
    Bad |= Parts.size() != 3;
    for (size_t N = 0; !Bad && N < 3; ++N)
      if (N == 0 || Parts[N] != "-")
        Bad |= Parts[N].getAsInteger(10, *Numbers[N]);
    T.Forks.push_back(K);
  }
}

void Linker::name(StringRef Value, DenseMap<PlaceId, PlaceName> &Names) {
  auto [First, Rest] = Value.split(' ');
  auto [Text, At] = Rest.rsplit(" @");
  Position Declared = position(At);
  auto [It, New] = Names.try_emplace(place(First), PlaceName{Text, Declared});
  // A unit that only declares the object may know less of it. Of equally good names the least, whichever came first.
  auto Rank = [](const PlaceName &N) {
    return std::tuple(N.Text.starts_with("field at offset"), !N.Declaration.Line, N.Text, N.Declaration.File, N.Declaration.Line,
                      N.Declaration.Column);
  };
  if (PlaceName Other{Text, Declared}; !New && Rank(Other) < Rank(It->second))
    It->second = Other;
}

bool Linker::read(const Summary &S) {
  PlaceIds.clear();
  Bad = false;
  F = Function();
  F.Symbol = S.Function;
  F.Unit = Unit = S.Unit;
  Number = Out.Functions.size();
  unsigned Written = 0;
  if (S.Args.empty() || S.Args[0].Key != KeyFunction || S.Args[0].Value.split(' ').first.getAsInteger(10, Written))
    return false;
  if (Written != Version)
    return true; // of another version of emm: it says nothing to this one
  bool OnlyNames = S.Kind == NamesKind;
  Files.clear();
  Line = 0;
  for (const SummaryArg &A : S.Args) {
    auto [First, Rest] = A.Value.split(' ');
    if (A.Key == KeyFunction) {
      F.At = A.Pos;
      Files.push_back(A.Pos.File);
      F.Local = Rest.starts_with("local");
      F.Weak = Rest.starts_with("weak");
      F.Leaves = Rest.contains(" leaves");
      F.Constructor = Rest.ends_with(" ctor");
      F.Destructor = Rest.ends_with(" dtor");
    } else if (A.Key == KeyFile) {
      Files.push_back(A.Pos.File);
    } else if (A.Key == KeyParam) {
      unsigned N = 0;
      Bad |= First.getAsInteger(10, N);
      F.Params[N] = Rest;
    } else if (A.Key == KeyName) {
      name(A.Value, OnlyNames ? Out.GlobalNames : F.Names);
    } else if (A.Key == KeyData) {
      F.Data.push_back({place(First), places(Rest)});
    } else if (A.Key == KeyAlias) {
      PlaceId Name = place(First), Of = place(Rest);
      if (Out.P.rootOf(Name).Kind == RootKind::Function && Out.P.rootOf(Of).Kind == RootKind::Function)
        Aliases.push_back({Out.P.rootOf(Name).Of, Out.P.rootOf(Of).Of});
    } else if (A.Key == KeyResult) {
      unsigned N = 0;
      Bad |= First.getAsInteger(10, N) || N > 64;
      if (!Bad) {
        F.Results.resize(std::max<size_t>(F.Results.size(), N + 1));
        F.Results[N] = places(Rest);
      }
    } else if (A.Key == KeyAcquires) {
      F.Acquires = locks(A.Value);
    } else if (A.Key == KeyMayAcquire) {
      F.MayAcquire = locks(A.Value);
    } else if (A.Key == KeyOnce) {
      F.Once = modes(A.Value);
    } else if (A.Key == KeyReleases) {
      F.Releases = places(A.Value);
    } else if (A.Key == KeyGives) {
      F.Gives = places(A.Value);
    } else if (A.Key == KeyBlock) {
      block(A.Value);
    } else if (A.Key == KeyTells) {
      told(A.Value);
    }
  }
  if (OnlyNames) {
    if (!Bad)
      keepFunctions();
    return !Bad;
  }
  for (const Block &B : F.Blocks)
    for (uint32_t To : B.Next)
      Bad |= To >= F.Blocks.size();
  if (Bad || F.Blocks.empty())
    return false;
  keep(symbol(F.Symbol, F.Local));
  return true;
}

/// One weak definition is enough; strong ones are all kept.
void Linker::keep(uint32_t Symbol) {
  auto &Of = Out.Definitions[Symbol];
  if (F.Weak && !Of.empty()) {
    // Of the units that have it, the one with the least source speaks for it, whichever came first.
    Function &Old = Out.Functions[Of.front()];
    bool Less = R.Units[Unit].Source < R.Units[Old.Unit].Source;
    Old.Also.push_back(Less ? Old.Unit : Unit);
    if (Less)
      Old.Unit = Unit;
    return;
  }
  Of.push_back(Number);
  keepFunctions();
  Out.Functions.push_back(std::move(F));
}

/// Functions in globals are known to all.
void Linker::keepFunctions() {
  for (auto &[Address, What] : F.Data)
    if (Out.P.rootOf(Address).Kind == RootKind::Global)
      for (PlaceId P : What)
        if (Out.P.rootOf(P).Kind == RootKind::Function) {
          Out.P.insert(Out.FunctionPointers[Address], P);
          Out.P.insert(Out.FunctionsIn[Out.P.rootId(Address)], P);
        }
}

/// `field at offset 8 of x`, where another unit knows what stands there.
void Linker::completeNames(DenseMap<PlaceId, PlaceName> &Names) {
  for (auto &[Of, Name] : Names) {
    size_t At = Name.Text.rfind("field at offset ");
    if (At == StringRef::npos || Out.P.rootOf(Of).Kind != RootKind::Global)
      continue;
    auto It = Out.GlobalNames.find(Out.P.make(Out.P.rootId(Of), Out.P.path(Of)[0]));
    if (It == Out.GlobalNames.end() || It->second.Text.contains("field at offset "))
      continue;
    if (!At)
      Name.Declaration = It->second.Declaration;
    Name.Text = Out.Texts.emplace_back((Name.Text.take_front(At) + It->second.Text).str());
  }
}

Program Linker::run() {
  for (const Summary &S : R.Summaries)
    if ((S.Kind == Kind || S.Kind == NamesKind) && !read(S))
      ++Out.Malformed;
  completeNames(Out.GlobalNames);
  for (Function &Each : Out.Functions)
    completeNames(Each.Names);
  // A name that some unit defines as a function of its own stands for that one.
  for (auto [Name, Of] : Aliases)
    if (Out.Definitions[Name].empty())
      Out.Definitions[Name] = Out.Definitions[Of];
  return std::move(Out);
}

} // namespace

uint32_t Program::definition(uint32_t Symbol, uint32_t Unit) const {
  uint32_t Best = ~0u;
  for (uint32_t N : Definitions[Symbol]) {
    if (Functions[N].Unit == Unit)
      return N;
    if (Best == ~0u || (Functions[Best].Weak && !Functions[N].Weak))
      Best = N;
  }
  return Best;
}

Program linkProgram(const Report &R) { return Linker(R).run(); }

} // namespace emm::program
