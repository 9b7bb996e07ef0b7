#!/usr/bin/env python3
"""Runs a command, passes its output on and demands its exit code: expect-exit.py CODE COMMAND..."""

import subprocess
import sys

code = subprocess.run(sys.argv[2:], check=False).returncode
if code != int(sys.argv[1]):
    sys.exit(f"exit code {code}, wanted {sys.argv[1]}: {' '.join(sys.argv[2:])}")
