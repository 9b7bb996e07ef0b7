#!/bin/bash
# Makes FOLDER/sqlite/sqlite3.c from Debian's source package of SQLite, once; prints its path.
set -euo pipefail
folder=$1
source=$("$(dirname "${BASH_SOURCE[0]}")/../../../tools/fetch-source" sqlite3 "$folder")
mkdir -p "$folder/sqlite"
exec 9> "$folder/sqlite/lock"
flock 9
if [ ! -s "$folder/sqlite/sqlite3.c" ]; then
  work=$(mktemp -d "$folder/sqlite/work.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  cd "$work"
  "$source/configure" --disable-tcl > configure.log 2>&1 || { tail -n 20 configure.log >&2; exit 1; }
  make sqlite3.c > make.log 2>&1 || { tail -n 20 make.log >&2; exit 1; }
  mv sqlite3.c sqlite3.h "$folder/sqlite/"
fi
echo "$folder/sqlite/sqlite3.c"
