//===- reports/finding/RecordColumns.cpp - splitting and joining columns --===//

#include "reports/finding/RecordColumns.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Sequence.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/LEB128.h"
#include "llvm/Support/raw_ostream.h"

#include <array>

using namespace llvm;

namespace emm {

namespace {

enum class Shape : uint8_t { Constant, Text, Sentence, Place };

struct LineKind {
  StringLiteral Prefix;
  Shape S;
};

/// The first that a line starts with is its kind. The order is part of the format.
constexpr LineKind Kinds[] = {
    {"--- !Passed", Shape::Constant}, {"--- !Missed", Shape::Constant},    {"--- !Analysis", Shape::Constant},
    {"...", Shape::Constant},         {"Pass: emm", Shape::Constant},      {"Args:", Shape::Constant},
    {"Name: ", Shape::Text},          {"Function: ", Shape::Text},         {"DebugLoc: ", Shape::Place},
    {"    DebugLoc: ", Shape::Place}, {"  - Message: ", Shape::Sentence},  {"  - Step: ", Shape::Sentence},
    {"  - Subject: ", Shape::Text},   {"  - Level: ", Shape::Text},        {"  - Instances: ", Shape::Text},
    {"  - InlinedAt: ", Shape::Text}, {"  - ", Shape::Text},               {"", Shape::Text},
};
constexpr unsigned NumKinds = std::size(Kinds), MessageKind = 10, SubjectKind = 12;

/// Three columns for each kind, of which only positions use the second and third; the shapes; the numbers.
constexpr unsigned ShapeColumn = 3 * NumKinds, NumberColumn = ShapeColumn + 1, NumColumns = NumberColumn + 1;

constexpr char NumberMark = 1, SubjectMark = 2, EmptyMark = 3;

/// `{ File: NAME, Line: N, Column: N }` as RecordText writes it.
struct Place {
  StringRef File;
  unsigned Line = 0, Column = 0;

  bool parse(StringRef S) {
    StringRef Rest, LineText, ColumnText;
    if (!S.consume_front("{ File: ") || !S.consume_back(" }"))
      return false;
    std::tie(Rest, ColumnText) = S.rsplit(", Column: ");
    std::tie(File, LineText) = Rest.rsplit(", Line: ");
    return !File.empty() && isCanonical(LineText, Line) && isCanonical(ColumnText, Column);
  }
  static bool isCanonical(StringRef S, unsigned &N) {
    return !S.empty() && S.size() <= 9 && (S[0] != '0' || S.size() == 1) && !S.getAsInteger(10, N);
  }
};

void writeNumber(std::string &To, uint64_t N) {
  uint8_t Bytes[10];
  To.append(reinterpret_cast<char *>(Bytes), encodeULEB128(N, Bytes));
}

uint64_t zigzag(int64_t N) { return (uint64_t(N) << 1) ^ uint64_t(N >> 63); }
int64_t unzigzag(uint64_t N) { return int64_t(N >> 1) ^ -int64_t(N & 1); }

class Splitter {
public:
  std::string split(StringRef Text);

private:
  void addText(unsigned Column, StringRef Value);
  std::string sentence(StringRef Value, StringRef Subject);

  std::array<std::string, NumColumns> Columns;
  std::array<StringRef, NumColumns> Last;
  std::array<unsigned, NumColumns> LastLine{};
};

void Splitter::addText(unsigned Column, StringRef Value) {
  if (Value.empty())
    Columns[Column] += EmptyMark;
  else if (Value != Last[Column])
    Columns[Column] += Value;
  Columns[Column] += '\n';
  Last[Column] = Value;
}

/// Numbers that stand alone, and the subject, leave the sentence.
std::string Splitter::sentence(StringRef Value, StringRef Subject) {
  std::string Out;
  size_t At = Subject.empty() ? StringRef::npos : Value.find(Subject);
  for (size_t I = 0; I != Value.size();) {
    if (I == At) {
      Out += SubjectMark;
      I += Subject.size();
      continue;
    }
    StringRef Digits = Value.substr(I).take_while(isDigit);
    unsigned N;
    auto IsName = [](char C) { return isAlnum(C) || C == '_'; };
    if (Place::isCanonical(Digits, N) && (I == 0 || !IsName(Value[I - 1])) &&
        (I + Digits.size() == Value.size() || !IsName(Value[I + Digits.size()])) && !(At > I && At < I + Digits.size())) {
      Out += NumberMark;
      writeNumber(Columns[NumberColumn], N);
      I += Digits.size();
      continue;
    }
    Out += Value[I++];
  }
  return Out;
}

std::string Splitter::split(StringRef Text) {
  uint64_t Size = Text.size();
  while (!Text.empty()) {
    StringRef Line;
    std::tie(Line, Text) = Text.split('\n');
    unsigned K = 0;
    Place P;
    for (;; ++K) {
      const LineKind &Kind = Kinds[K];
      if (Line.starts_with(Kind.Prefix) && (Kind.S != Shape::Constant || Line == Kind.Prefix) &&
          (Kind.S != Shape::Place || P.parse(Line.drop_front(Kind.Prefix.size()))))
        break;
    }
    Columns[ShapeColumn] += char(K);
    StringRef Value = Line.drop_front(Kinds[K].Prefix.size());
    switch (Kinds[K].S) {
    case Shape::Constant:
      break;
    case Shape::Text:
      addText(3 * K, Value);
      break;
    case Shape::Sentence: {
      StringRef Subject, Ahead = Text;
      for (unsigned N = 0; K == MessageKind && N != 3 && Subject.empty() && !Ahead.empty(); ++N) {
        StringRef Next;
        std::tie(Next, Ahead) = Ahead.split('\n');
        if (Next.consume_front(Kinds[SubjectKind].Prefix))
          Subject = Next;
      }
      std::string S = sentence(Value, Subject);
      Columns[3 * K] += S.empty() ? std::string(1, EmptyMark) : S;
      Columns[3 * K] += '\n';
      break;
    }
    case Shape::Place:
      addText(3 * K, P.File);
      writeNumber(Columns[3 * K + 1], zigzag(int64_t(P.Line) - LastLine[K]));
      writeNumber(Columns[3 * K + 2], P.Column);
      LastLine[K] = P.Line;
      break;
    }
  }
  std::string Out;
  writeNumber(Out, Size);
  for (const std::string &C : Columns)
    writeNumber(Out, C.size());
  for (const std::string &C : Columns)
    Out += C;
  return Out;
}

/// Reads one column after the other's end is known; every read is checked.
class Joiner {
public:
  Expected<std::string> join(StringRef Packed, uint64_t Limit);

private:
  bool readNumber(StringRef &From, uint64_t &N);
  bool readText(unsigned Column, StringRef &Value);
  bool appendSentence(unsigned Column, bool IsMessage);
  bool appendLine(unsigned K);

  std::array<StringRef, NumColumns> Columns, Last;
  std::array<int64_t, NumColumns> LastLine{};
  std::string Text;
  uint64_t Size = 0;
};

bool Joiner::readNumber(StringRef &From, uint64_t &N) {
  unsigned Length = 0;
  const char *Why = nullptr;
  // Ten bytes hold 64 bits. LLVM's function shifts by more than 63 when told to go on.
  StringRef Encoded = From.take_front(10);
  N = decodeULEB128(Encoded.bytes_begin(), &Length, Encoded.bytes_end(), &Why);
  From = From.drop_front(std::min<size_t>(Length, From.size()));
  return !Why;
}

bool Joiner::readText(unsigned Column, StringRef &Value) {
  size_t End = Columns[Column].find('\n');
  if (End == StringRef::npos)
    return false;
  Value = Columns[Column].take_front(End);
  Columns[Column] = Columns[Column].drop_front(End + 1);
  if (Value.empty())
    Value = Last[Column];
  else if (Value == StringRef(&EmptyMark, 1))
    Value = "";
  Last[Column] = Value;
  return true;
}

bool Joiner::appendSentence(unsigned Column, bool IsMessage) {
  size_t End = Columns[Column].find('\n');
  if (End == StringRef::npos)
    return false;
  StringRef Value = Columns[Column].take_front(End);
  Columns[Column] = Columns[Column].drop_front(End + 1);
  for (char C : Value) {
    if (C == NumberMark) {
      uint64_t N;
      if (!readNumber(Columns[NumberColumn], N))
        return false;
      Text += utostr(N);
    } else if (C == SubjectMark && IsMessage) {
      StringRef Subject, Rest = Columns[3 * SubjectKind];
      StringRef Before = Last[3 * SubjectKind];
      if (!readText(3 * SubjectKind, Subject))
        return false;
      Columns[3 * SubjectKind] = Rest;
      Last[3 * SubjectKind] = Before;
      Text += Subject;
    } else if (C != EmptyMark) {
      Text += C;
    }
    if (Text.size() > Size)
      return false;
  }
  return true;
}

bool Joiner::appendLine(unsigned K) {
  Text += Kinds[K].Prefix;
  StringRef Value;
  switch (Kinds[K].S) {
  case Shape::Constant:
    return true;
  case Shape::Text:
    if (!readText(3 * K, Value))
      return false;
    Text += Value;
    return true;
  case Shape::Sentence:
    return appendSentence(3 * K, K == MessageKind);
  case Shape::Place:
    uint64_t Difference, Column;
    if (!readText(3 * K, Value) || !readNumber(Columns[3 * K + 1], Difference) ||
        !readNumber(Columns[3 * K + 2], Column))
      return false;
    LastLine[K] += unzigzag(Difference);
    if (LastLine[K] < 0 || LastLine[K] > UINT32_MAX)
      return false;
    raw_string_ostream(Text) << "{ File: " << Value << ", Line: " << LastLine[K] << ", Column: " << Column << " }";
    return true;
  }
  return false;
}

Expected<std::string> Joiner::join(StringRef Packed, uint64_t Limit) {
  auto Damaged = [] { return createStringError(inconvertibleErrorCode(), "its columns do not fit together"); };
  if (!readNumber(Packed, Size) || Size > Limit)
    return Damaged();
  std::array<uint64_t, NumColumns> Sizes;
  for (uint64_t &S : Sizes)
    if (!readNumber(Packed, S))
      return Damaged();
  for (unsigned C = 0; C != NumColumns; ++C) {
    if (Sizes[C] > Packed.size())
      return Damaged();
    Columns[C] = Packed.take_front(Sizes[C]);
    Packed = Packed.drop_front(Sizes[C]);
  }
  if (!Packed.empty())
    return Damaged();
  for (char K : Columns[ShapeColumn]) {
    if (uint8_t(K) >= NumKinds || !appendLine(uint8_t(K)))
      return Damaged();
    Text += '\n';
    if (Text.size() > Size)
      return Damaged();
  }
  if (Text.size() != Size || any_of(seq(NumColumns), [&](unsigned C) { return C != ShapeColumn && !Columns[C].empty(); }))
    return Damaged();
  return std::move(Text);
}

} // namespace

std::optional<std::string> toColumns(StringRef Text) {
  if (!Text.empty() && Text.back() != '\n')
    return std::nullopt;
  for (char C : Text)
    if (static_cast<unsigned char>(C) < 0x20 && C != '\n')
      return std::nullopt;
  return Splitter().split(Text);
}

Expected<std::string> fromColumns(StringRef Columns, uint64_t Limit) { return Joiner().join(Columns, Limit); }

} // namespace emm
