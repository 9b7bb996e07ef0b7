//===- reports/finding/ProgramKeys.h - the grammar of function summaries --===//
//
// A document `summary/race` of the record tells what one function does, for the
// merge of several units. Its Function is the mangled name. Its arguments are in
// this order:
//
//   Function  `VERSION LINKAGE [leaves] [ctor|dtor]`, LINKAGE one of strong, weak,
//             local; leaves: may jump away or end its thread; location: where it
//             is defined
//   File      location only: a further file, for POS
//   Param     `NUMBER TEXT`: the name of a parameter that a Name begins with
//   Name      `PLACE TEXT POS`: how the source spells the place, its declaration
//   Data      `PLACE PLACES`: what the memory at PLACE may hold
//   Result    `INDEX PLACES`
//   Acquires  `LOCKS`: held at return, not at entry
//   May       `LOCKS`: held at return on some ways
//   Once      `MODES`: those of them that only the first caller passes
//   Releases  `PLACES`: may be released, if only for a while
//   Gives     `PLACES`: those of them that may still be released at return
//   Block     `[ret] SUCCESSOR...;EVENT;EVENT...`: a block of the function, counted
//             from 0, and what happens in it
//   Tells     `BLOCK.INDEX ANSWERS FORK...`: what the integer that the call or
//             start at that place returns says of a thread that it may start.
//             ANSWERS: three letters, for its being zero, or not, meaning that
//             there is a thread, and for its telling nothing: z, n: then the
//             function's own result is zero, or is not; - unknown. FORK:
//             `BLOCK:ZERO:NONZERO`, the block that follows that one if the integer
//             is zero, or is not; - either. Absent, nothing is known.
//
// An EVENT ends with one POS or several (the event, then the calls of library
// code that lead to it) and is one of
//
//   KIND PLACE SIZE [c=COUNT]     an access; KIND: r w plain, R W atomic, m M i
//                                 map read, written, iterated, o O object
//   c NUMBER CALLEE ARGUMENT...   a call; possible callees share its number
//   s ENTRY h=HANDLES n=FRESH ARGUMENT...   starts a thread; FRESH: what is a new
//                                 object for each start
//   j PLACE                       joins the thread of a handle
//   q PLACE                       waits for, or gives, a signal
//
// with, where they are not empty, f=FLAGS l=LOCKS m=MODES before what is repeated.
// POS is `@LINE:COLUMN` in the function's file, `@N/LINE:COLUMN` in the N-th File;
// LINE is counted from that of the POS before it in the same document.
//
// PLACE is a root and a path: `P0:8*16~` is the address 16 bytes, plus some
// multiple, behind the pointer at offset 8 of what parameter 0 points to. Roots:
// Pn parameter, Gname gname global variable, Fname fname function (lower case:
// local to the unit), Ln local variable, Hn object allocated here, Rn result of
// call n, Cn a thread's own copy of an argument. `?` is unknown. PLACES and
// ARGUMENTs are lists with commas, LOCKS too, each with `/w` or `/r`; `-` is the
// empty list. MODES: `PLACE=VALUE` or `PLACE!VALUE`.
//
// FLAGS: of an access v volatile, l stores what it loaded, s after a signal, j
// after a join, x relaxed; of a start w waits in the call, e in the destructor, s
// several, z its result is zero if there is a thread; of a join e at the end of a
// handle; of a call e the program ends in it; of an order a waits in a loop for an
// atomic, x relaxed, g waits until somebody wakes it, k for a condition, o wakes.
//
// One document `summary/race-names` with the Function `<unit>` has the Names of
// places in global variables, with File and POS as above, and as Data the
// functions in constants that other documents name (vtables, tables of functions)
// and as Alias, `NAME FUNCTION`, further names of functions (constructors).
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_FINDING_PROGRAMKEYS_H
#define EMM_REPORTS_FINDING_PROGRAMKEYS_H

#include "reports/finding/Access.h"

namespace emm::program {

/// Raised when a reader of the previous version would misread a document; others are passed over.
inline constexpr unsigned Version = 1;
inline constexpr char Kind[] = "race";
inline constexpr char NamesKind[] = "race-names";
inline constexpr char KeyFile[] = "File";

inline constexpr char KeyFunction[] = "Function";
inline constexpr char KeyParam[] = "Param";
inline constexpr char KeyName[] = "Name";
inline constexpr char KeyData[] = "Data";
inline constexpr char KeyAlias[] = "Alias";
inline constexpr char KeyResult[] = "Result";
inline constexpr char KeyAcquires[] = "Acquires";
inline constexpr char KeyMayAcquire[] = "May";
inline constexpr char KeyReleases[] = "Releases";
inline constexpr char KeyGives[] = "Gives";
inline constexpr char KeyOnce[] = "Once";
inline constexpr char KeyBlock[] = "Block";
inline constexpr char KeyTells[] = "Tells";

/// By race::AccessKind.
inline constexpr char KindLetters[] = "rwRWmMioO";

} // namespace emm::program

#endif
