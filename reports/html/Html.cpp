//===- reports/html/Html.cpp - all pages of a report ----------------------===//

#include "reports/html/Html.h"

#include "reports/html/IndexPage.h"
#include "reports/html/IndexTable.h"
#include "reports/html/OutputTree.h"
#include "reports/html/SourcePage.h"

#include "llvm/Support/Program.h"
#include "llvm/Support/ThreadPool.h"

#include <mutex>

using namespace llvm;

namespace emm {

/// The first error of several threads; the others say the same of other files.
namespace {
class FirstError {
public:
  void keep(Error E) {
    if (!E)
      return;
    std::lock_guard<std::mutex> Guard(Lock);
    if (First)
      consumeError(std::move(E));
    else
      First = std::move(E);
  }
  Error take() { return std::move(First); }
  bool failed() {
    std::lock_guard<std::mutex> Guard(Lock);
    return static_cast<bool>(First);
  }
  ~FirstError() { consumeError(std::move(First)); }

private:
  std::mutex Lock;
  Error First = Error::success();
};
} // namespace

static LoadedSource load(const Catalogue &C, const FileProvider &Files, uint32_t File) {
  return C.O.WithSources ? loadSource(C.R.Files[File], Files) : LoadedSource();
}

static void progress(const HtmlOptions &O, const Twine &Text) {
  if (O.Progress)
    *O.Progress << "emm: " << Text << '\n';
}

namespace {
/// Writes one source's page and its shards.
struct SourceJob {
  const Catalogue &C;
  const FileProvider &Files;
  const OutputTree &Tree;
  FirstError &Failure;
  ThreadPoolInterface *Helpers; ///< for the parts of a page; null to do them here

  void write(uint32_t File) const;

private:
  void shards(std::vector<RawShard> Shards) const;
  template <typename Fn> void part(Fn Do) const {
    if (Helpers)
      Helpers->async(std::move(Do));
    else
      Do();
  }
};
} // namespace

void SourceJob::shards(std::vector<RawShard> Shards) const {
  for (RawShard &S : Shards)
    part([Job = *this, Raw = std::make_shared<RawShard>(std::move(S))] {
      if (!Job.Failure.failed())
        Job.Failure.keep(Job.Tree.write("shard/" + Raw->Name + ".js", shardScript(packShard(*Raw))));
    });
}

void SourceJob::write(uint32_t File) const {
  auto Source = std::make_shared<LoadedSource>(load(C, Files, File));
  part([Job = *this, Source, File] { Job.shards(sourceColours(Job.C, File, *Source)); });
  Links L(C, Links::Place::Source, File);
  StringSet<> UsedIds;
  SourceView View = sourceView(C, L, File, *Source, UsedIds);
  shards(std::move(View.Shards));
  Failure.keep(Tree.write("f/" + C.Pages[File], document(L, sourcePage(C, L, File, std::move(View)))));
}

static Error writeDirectory(const Catalogue &C, const FileProvider &Files) {
  const HtmlOptions &O = C.O;
  Expected<OutputTree> Tree = OutputTree::create(O.Output);
  if (!Tree)
    return Tree.takeError();
  Links L(C, Links::Place::Root);
  for (StringRef Directory : {"f", "shard"})
    if (Error E = Tree->makeDirectory(Directory))
      return E;
  progress(O, "writing " + Twine(C.Shown.size()) + " pages for " + Twine(C.R.Entries.size()) + " findings");
  FirstError Failure;
  Failure.keep(Tree->write("report.css", styleSheet()));
  Failure.keep(Tree->write("report.js", script()));
  Failure.keep(Tree->write("index.html", document(L, indexPage(C, L))));
  Failure.keep(Tree->write("rules.html", document(L, rulesPage(C, L))));
  for (const Shard &S : indexTable(C, L))
    Failure.keep(Tree->write("shard/" + S.Name + ".js", shardScript(S)));
  DefaultThreadPool Pool(hardware_concurrency(O.Threads));
  // Where pages are few, one of them is most of the work; where they are many, their parts would only wait.
  SourceJob Job{C, Files, *Tree, Failure, C.Shown.size() < 2 * Pool.getMaxConcurrency() ? &Pool : nullptr};
  for (uint32_t File : C.Shown)
    Pool.async([&, File] {
      if (!Failure.failed())
        Job.write(File);
    });
  Pool.wait();
  if (Failure.failed())
    return Failure.take();
  return Tree->commit();
}

static Error writeSingle(const Catalogue &C, const FileProvider &Files) {
  Links Root(C, Links::Place::Single);
  std::vector<Shard> Shards = indexTable(C, Root);
  PageParts P = indexPage(C, Root);
  familyFilter(P.Header, C.Total);
  StringSet<> UsedIds;
  for (uint32_t File : C.Shown) {
    Links L(C, Links::Place::Single, File);
    LoadedSource Source = load(C, Files, File);
    SourceView View = sourceView(C, L, File, Source, UsedIds);
    P.Main.open("section", {{"class", "file"}});
    P.Main.element("h2", {{"id", L.prefix(File) + "top"}}, C.R.Files[File].Name);
    P.Main.append(View.Article).close();
    for (const std::vector<RawShard> &Raw : {std::move(View.Shards), sourceColours(C, File, Source)})
      llvm::transform(Raw, std::back_inserter(Shards), packShard);
  }
  P.Main.open("section", {{"class", "prose"}, {"id", "rules"}}).element("h2", "Rules");
  ruleHelp(P.Main, C, Root);
  P.Main.close();
  std::string Page = singleDocument(Root, P, Shards);
  if (Page.size() > C.O.MaxSingleFileSize)
    return createStringError(
        std::errc::file_too_large,
        "%s: one file would hold %.1f MB, above the limit of %.1f MB; write a directory, or leave "
        "out the sources",
        C.O.Output.c_str(), double(Page.size()) / (1 << 20), double(C.O.MaxSingleFileSize) / (1 << 20));
  return writeWhole(C.O.Output, Page);
}

/// Starts the browser and does not wait for it. A machine without one is no error: the report is written.
static void openBrowser(const HtmlOptions &O) {
  std::string Page = O.SingleFile ? O.Output : O.Output + "/index.html";
  ErrorOr<std::string> Opener = sys::findProgramByName("xdg-open");
  if (!Opener)
    Opener = sys::findProgramByName("open");
  if (!Opener) {
    progress(O, "no xdg-open to start a browser with; open " + Page);
    return;
  }
  StringRef Args[] = {*Opener, Page};
  sys::ExecuteNoWait(*Opener, Args, /*Env=*/std::nullopt);
}

Error writeHtmlReport(const Report &R, const HtmlOptions &O) {
  std::vector<std::string> Roots = O.SourceRoots;
  if (Roots.empty() && !R.Root.empty())
    Roots.push_back(R.Root);
  DiskFiles Disk(Roots, O.MaxSourceSize);
  const FileProvider &Files = O.Sources ? *O.Sources : Disk;
  Catalogue C(R, O, Files);
  if (Error E = O.SingleFile ? writeSingle(C, Files) : writeDirectory(C, Files))
    return E;
  if (O.OpenBrowser)
    openBrowser(O);
  return Error::success();
}

} // namespace emm
