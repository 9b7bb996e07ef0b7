"""The heap profile as `go tool pprof` reads it: the functions that allocate, in the right proportion, for memory in use and allocated;
the same whether the program starts it or the environment, and nothing where neither does.

usage: profile_test.py GO PROGRAM
"""
import os, re, subprocess, sys, tempfile

go, program = sys.argv[1:]


def of(rows, name):
    return next((v for k, v in rows.items() if k.startswith(name)), 0)


def profile(start, variable):
    """What pprof prints of memory in use and of memory allocated: for each its text and {function: bytes}."""
    with tempfile.TemporaryDirectory() as folder:
        written = os.path.join(folder, "maps.pb.gz")
        env = {k: v for k, v in os.environ.items() if k != "EMM_MAPPROFILE"}
        subprocess.run([program, written, start], check=True, env={**env, **variable})

        def top(index):
            text = subprocess.run([go, "tool", "pprof", "-top", "-cum", "-unit=B", "-sample_index=" + index, written], check=True, text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                  env={**env, "HOME": folder, "PPROF_TMPDIR": folder}).stdout
            rows = {}
            for line in text.splitlines():
                m = re.match(r"\s*[\d.]+B?\s+[\d.]+%\s+[\d.]+%\s+([\d.]+)B?\s+[\d.]+%\s+(.*)$", line)
                if m:
                    rows[m.group(2).strip()] = float(m.group(1))
            return text, rows

        return top("inuse_space"), top("alloc_space")


for start, variable in ("starts", {}), ("waits", {"EMM_MAPPROFILE": "1"}):
    (text, used), (text2, all_) = profile(start, variable)
    wrong = []
    # 1000 entries of 16 bytes: 256 buckets and 16 spares of 144 bytes; the arrays it grew through are freed.
    if not 39000 < of(used, "keeps") < 46000:
        wrong.append("keeps in use %g" % of(used, "keeps"))
    if not of(all_, "keeps") > 1.7 * of(used, "keeps"):
        wrong.append("keeps allocated %g" % of(all_, "keeps"))
    if of(used, "drops") != 0 or not of(all_, "drops") > 30000:
        wrong.append("drops %g %g" % (of(used, "drops"), of(all_, "drops")))
    if not 39000 < of(used, "c_surface") < 46000:
        wrong.append("c_surface %g" % of(used, "c_surface"))
    if any("emm::detail" in k for k in used):
        wrong.append("the runtime's own frames")
    if wrong:
        print(text, text2)
        sys.exit(f"wrong where the program {start}: " + "; ".join(wrong))

for variable in {}, {"EMM_MAPPROFILE": "0"}:
    (text, used), (text2, all_) = profile("waits", variable)
    if of(used, "keeps") or of(all_, "keeps"):
        print(text, text2)
        sys.exit(f"recorded though nobody asked for it, {variable}")
