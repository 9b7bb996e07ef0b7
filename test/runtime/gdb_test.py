"""The gdb commands and the pretty-printer in a real gdb. usage: gdb_test.py GDB SCRIPT PROGRAM"""
import re, subprocess, sys

gdb, script, program = sys.argv[1:]
commands = ["set confirm off", "source " + script, "break look", "run", "print m", "print names", "emm-map m", "emm-map-chains m",
            "emm-map-watch m", "continue", "continue", "delete", "break grown", "continue", "emm-map m"]
argv = [gdb, "-nx", "-batch"] + [a for c in commands for a in ("-ex", c)] + [program]
text = subprocess.run(argv, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT).stdout
wrong = []


def expect(what, ok):
    if not ok:
        wrong.append(what)


for i in range(13):
    expect("printed entry %d" % i, re.search(r"\[%d\] = %d\b" % (i, 100 + i), text))
expect("string keys", re.search(r'\["one"\] = 1', text) and re.search(r'\["two"\] = 2', text))
expect("header", re.search(r"^count 13, B 1, ", text, re.M))
expect("commands list entries", len(re.findall(r"^  \d+: 1\d\d$", text, re.M)) == 13 + 30)
chain_lines = re.findall(r"^new [01]: (.*)$", text, re.M)
expect("two chains", len(chain_lines) == 2)
expect("thirteen live cells", sum(len(re.findall(r"\b[0-9a-f]{2}\b", c)) for c in chain_lines) == 13)
expect("growth begins and ends", re.search(r"growth begins.*growth ends", text, re.S))
expect("final state", re.search(r"^count 30, B 3, ", text, re.M))
if wrong:
    print(text)
    sys.exit("not seen: " + "; ".join(wrong))
