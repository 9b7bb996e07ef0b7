//===- reports/finding/RecordKeys.h - the grammar of the record -----------===//
//
// A record is text in LLVM's remark YAML, so that every LLVM remark tool reads
// it. It is a sequence of documents of pass `emm`:
//
//   1. one header, remark name `unit`, function `<unit>`; arguments in this
//      order: Version, Source, Base, Compiler, Target, Flags, then for each
//      file that findings point into a pair File, Digest;
//   2. summaries, remark name `summary/KIND`: what other units need in order
//      to find what no unit shows alone. Not shown to people;
//   3. findings in the order of Finding's comparison, remark name = rule id,
//      DebugLoc = its location (absent when unknown), Function = mangled name,
//      Hotness (absent without a profile). Arguments: Message, [Id], Level,
//      Subject, [Instances], for a call that was nearly inlined Almost (per cent
//      of the threshold that were missing) and Loops (around it), then the steps
//      (key Step, value the sentence, own DebugLoc), then the inline stack
//      from the innermost call site outwards (key InlinedAt, value the mangled
//      name of the function that contains the call, own DebugLoc).
//
// Records in objects have no Id: it follows from the findings and their order
// (Fingerprint.h), and would be half of the record. Remark files have it.
//
// Document tags: `!Missed` for levels warning and error and for escape/heap and
// inline/missed, `!Passed` for escape/stackable, inline/can and inline/inlined,
// `!Analysis` for the rest: what viewers of other tools colour by.
//
// In an object the text is zstd-compressed in the section `.emm`, which is not
// loaded and is left out by the linker (SHF_EXCLUDE). `ld -r` concatenates
// sections, so the section is a sequence of blobs, each:
//
//   bytes 0-3   `EMM2`: the text by columns (RecordColumns.h); `EMM1`: as it is
//   bytes 4-7   reserved, zero
//   bytes 8-15  size of the compressed text, little-endian
//   bytes 16-23 size of what was compressed
//   then the zstd frame, then zero padding up to a multiple of 8 bytes
//
//===----------------------------------------------------------------------===//

#ifndef EMM_REPORTS_FINDING_RECORDKEYS_H
#define EMM_REPORTS_FINDING_RECORDKEYS_H

namespace emm::record {

/// Raised when a reader of the previous version would misread the text.
inline constexpr unsigned Version = 1;

inline constexpr char Section[] = ".emm";
/// The first four bytes of a blob, without the terminator.
inline constexpr char TextMagic[] = "EMM1", ColumnsMagic[] = "EMM2";
inline constexpr unsigned BlobHeaderSize = 24;
inline constexpr unsigned BlobAlignment = 8;

inline constexpr char PassName[] = "emm";
inline constexpr char HeaderName[] = "unit";
inline constexpr char HeaderFunction[] = "<unit>";
inline constexpr char SummaryPrefix[] = "summary/";

inline constexpr char KeyVersion[] = "Version";
inline constexpr char KeySource[] = "Source";
inline constexpr char KeyBase[] = "Base";
inline constexpr char KeyCompiler[] = "Compiler";
inline constexpr char KeyTarget[] = "Target";
inline constexpr char KeyFlags[] = "Flags";
inline constexpr char KeyFile[] = "File";
inline constexpr char KeyDigest[] = "Digest";

inline constexpr char KeyMessage[] = "Message";
inline constexpr char KeyId[] = "Id";
inline constexpr char KeyLevel[] = "Level";
inline constexpr char KeySubject[] = "Subject";
inline constexpr char KeyInstances[] = "Instances";
inline constexpr char KeyAlmost[] = "Almost";
inline constexpr char KeyLoops[] = "Loops";
inline constexpr char KeyStep[] = "Step";
inline constexpr char KeyInlinedAt[] = "InlinedAt";

} // namespace emm::record

#endif
