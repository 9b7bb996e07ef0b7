//===- passes/inline/InlineWords.cpp - reasons, costs, advice -------------===//

#include "passes/inline/InlineWords.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

using namespace llvm;

namespace emm {

using Kind = InlineDecision::Kind;

static constexpr int OnlyCallBonus = 15000;

static bool isOnlyCall(const InlineDecision &D) { return D.HasCost && D.Cost < -OnlyCallBonus / 2; }

int plainCost(const InlineDecision &D) { return isOnlyCall(D) ? D.Cost + OnlyCallBonus : D.Cost; }

static std::string reasonInWords(StringRef R) {
  return StringSwitch<std::string>(R)
      .Case("noinline function attribute", "marked noinline")
      .Case("noinline call site attribute", "this call is marked noinline")
      .Case("optnone attribute", "marked optnone")
      .Case("varargs", "it reads variable arguments")
      .Case("contains VarArgs initialized with va_start", "it reads variable arguments")
      .Case("indirect branch", "it has a computed goto")
      .Case("contains indirect branches", "it has a computed goto")
      .Case("dynamic alloca", "it allocates a varying amount of stack")
      .Case("recursive and allocates too much stack space", "recursive, and needs much stack")
      .Case("conflicting attributes", "target features or other attributes of the two functions differ")
      .Case("interposable", "another definition may replace it when the program is linked or loaded")
      .Case("exposes returns twice", "it calls a function that returns twice, such as setjmp")
      .Case("exposes returns-twice attribute", "it calls a function that returns twice, such as setjmp")
      .Case("unsplited coroutine call", "it is a coroutine")
      .Case("", "must never be inlined")
      .Default(R.str());
}

std::string refusal(const InlineDecision &D) {
  switch (D.What) {
  case Kind::TooCostly:
    // Where growth never pays the inliner compares with nothing at all.
    if (D.Threshold == 0)
      return "the call is in code that never returns";
    return std::string(D.IsCold ? "too costly for a cold call" : "too costly") +
           (D.IsBound      ? ": cost of at least " + itostr(D.Cost) + ", threshold " + itostr(D.Threshold)
            : D.excess()   ? ": cost " + itostr(D.Cost) + " exceeds threshold " + itostr(D.Threshold) + " by " + itostr(D.excess())
                           : ": cost " + itostr(D.Cost) + " reaches threshold " + itostr(D.Threshold));
  case Kind::NoDefinition:
    return "its definition is not available in this unit";
  case Kind::Deferred:
    return "the caller would become too costly to be inlined elsewhere";
  case Kind::Indirect:
    return "its target is not known when compiling";
  default:
    return reasonInWords(D.Reason);
  }
}

bool isReasonOfCallee(const InlineDecision &D) {
  if (D.What != Kind::NeverInline)
    return false;
  StringRef R = D.Reason;
  return R == "noinline function attribute" || R == "optnone attribute" || R.contains("recursive") || R.contains("varargs") ||
         R.contains("VarArgs") || R.contains("indirect branch") || R.contains("returns");
}

std::string costSuffix(const InlineDecision &D) {
  if (D.What == Kind::AlwaysInlined)
    return " (always inline)";
  if (!D.HasCost)
    return "";
  return " (cost " + itostr(plainCost(D)) + ", threshold " + itostr(D.Threshold) + (isOnlyCall(D) ? "; its only call)" : ")");
}

static std::string howOften(const InlineDecision &D) {
  if (D.Executions)
    return ", run " + utostr(*D.Executions) + " times";
  if (D.LoopDepth > 1)
    return ", in " + utostr(D.LoopDepth) + " nested loops";
  return D.LoopDepth ? ", in a loop" : "";
}

/// The rules, cheapest edit first. Each one is only suggested if its numbers make up for what is missing.
static std::optional<Step> cheapestChange(const InlineDecision &D, StringRef Callee, const InlineUnit &U) {
  Location Defined = U.Begin.lookup(D.Callee);
  auto Change = [](const Location &At, const Twine &What) { return Step{At, ("cheapest change: " + What).str()}; };
  if (D.What == Kind::NoDefinition && D.Declared)
    return Change(*D.Declared, "move the definition of " + Callee + " to a header, or build with -flto");
  if (D.What == Kind::NeverInline && D.Reason == "interposable")
    return Change(Defined, "give " + Callee + " hidden visibility, or build with -fno-semantic-interposition");
  if (D.What != Kind::TooCostly || !D.Shape || D.IsCold || D.Threshold == 0 || !Defined.isKnown())
    return std::nullopt;
  const CalleeShape &S = *D.Shape;
  if (!S.IsLocal && S.Calls == 1 && S.Cost < OnlyCallBonus)
    return Change(Defined, "if no other unit calls " + Callee + ", make it static: the only call of a local function is inlined");
  constexpr int Call = 30; // what is moved out is called
  if (!D.IsBound && S.DeadEndCost - Call > D.excess())
    return Change(U.Source.location(S.DeadEnd), "move what never returns into a function marked cold: takes about " +
                                                    itostr(S.DeadEndCost - Call) + " off, " + itostr(D.excess()) +
                                                    " are too many");
  if (S.HasFastPath && S.FastCost + Call <= D.Threshold)
    return Change(U.Source.location(S.Branch), "split " + Callee + ": the way past this test to a return costs about " +
                                                   itostr(S.FastCost) + (D.IsBound ? " of at least " : " of ") + itostr(D.Cost) +
                                                   "; move the rest into a function of its own");
  if (D.isNearMiss() && (D.Executions ? *D.Executions > 0 : D.LoopDepth > 0) && S.Calls <= 2)
    return Change(Defined, "mark " + Callee + " [[gnu::always_inline]]: " + itostr(D.excess()) + " over the threshold" +
                               howOften(D) + ", and the unit calls it " + (S.Calls == 2 ? "twice" : "once"));
  return std::nullopt;
}

std::vector<Step> refusalSteps(const InlineDecision &D, StringRef Callee, const InlineUnit &U) {
  std::vector<Step> Steps;
  if (D.isNearMiss())
    Steps.push_back({D.Loc, "almost: " + itostr(D.missingPercent()) + " % over the threshold" +
                                howOften(D)});
  if (std::optional<Step> S = cheapestChange(D, Callee, U))
    Steps.push_back(std::move(*S));
  return Steps;
}

} // namespace emm
