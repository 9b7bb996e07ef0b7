#!/usr/bin/env python3
"""Every command and option that README.md shows must be in the tool's help, and every command of the tool in README.md:
readme-commands.py EMM README"""

import re
import subprocess
import sys
from pathlib import Path

emm, readme = sys.argv[1], Path(sys.argv[2]).read_text(encoding="utf-8")


def help_of(*command):
    return subprocess.run([emm, *command, "--help"], check=True, capture_output=True, text=True).stdout


commands = re.findall(r"^  ([a-z+]+) {2,}\S", help_of().partition("Subcommands:")[2], re.M)
if len(commands) < 5:
    sys.exit(f"only {len(commands)} commands in the help")
shown = [re.findall(r"\S+", words) for words in re.findall(r"(?:^|[`$\"(] ?)emm ((?:[a-z+]+)(?: [^`\"|;]*)?)[`\";\n]", readme, re.M)]
used = set()
options = 0
for command, *words in shown:
    if command not in commands:
        sys.exit(f"README shows emm {command}, which is no command")
    used.add(command)
    words = words[:words.index("--")] if "--" in words else words
    for option in (w.split("=")[0].strip("[]") for w in words if re.match(r"\[?-", w)):
        if not re.search(rf"(?:^|[ ,]){re.escape(option)}\b", help_of(command), re.M):
            sys.exit(f"README shows emm {command} {option}, which its help does not")
        options += 1
missing = sorted(set(commands) - used)
if missing:
    sys.exit(f"README does not show {missing}")
print(f"{len(used)} commands, {options} options")
