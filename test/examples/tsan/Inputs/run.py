"""run.py CLANGXX SCRATCH FOLDER: runs each C++ program of FOLDER under ThreadSanitizer; `-racy` in the name means a race."""

import os
import subprocess
import sys
from pathlib import Path

clangxx, scratch, folder = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
wrong = runs = 0
for source in sorted(folder.glob("*.cpp")):
    if "dangling" in source.name:  # use after the end of a frame is AddressSanitizer's
        continue
    program = scratch / source.stem
    subprocess.run([clangxx, "-std=c++20", "-O1", "-g", "-fsanitize=thread", source, "-o", program], check=True)
    # Halts at the first report: a racy map that goes on may be corrupt and loop for ever.
    options = {**os.environ, "TSAN_OPTIONS": "exitcode=66:halt_on_error=1"}
    run = subprocess.run([program], capture_output=True, env=options, timeout=120)
    caught = b"WARNING: ThreadSanitizer: data race" in run.stderr
    runs += 1
    if caught != ("-racy" in source.name) or (not caught and run.returncode != 0):
        print(f"{source}: exit {run.returncode}, {'a' if caught else 'no'} race seen\n{run.stderr.decode()[:2000]}")
        wrong += 1
print(f"{runs} programs, {wrong} wrong")
sys.exit(1 if wrong or runs < 10 else 0)
