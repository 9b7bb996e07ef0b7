# inputs.sh CLANG CLANGXX PLUGIN: one line for each way of calling clang that worked as it should.
set -euo pipefail
clang=$1 clangxx=$2 plugin=-fpass-plugin=$3

has_record() {
  local object
  for object in "${@:2}"; do
    objcopy --dump-section .emm=record "$object" ignored.o
    [ "$(head -c 4 record)" = EMM2 ]
  done
  echo "$1 record"
}

: > empty.c
: > empty.cpp
for source in empty.c empty.cpp; do
  for level in -O0 -O2; do
    driver=$clang
    [ $source = empty.c ] || driver=$clangxx
    "$driver" $level -g "$plugin" -c $source -o out.o
    has_record "$source $level" out.o
  done
done

cat > unit.cpp <<'SOURCE'
#include <vector>
int *keep;
int sum(const std::vector<int> &values) {
  int total = 0;
  for (int value : values)
    total += value;
  keep = new int(total);
  return total;
}
SOURCE
cat > other.c <<'SOURCE'
int other(int n) { return n + 1; }
SOURCE
"$clangxx" -O2 "$plugin" -c unit.cpp -o out.o
has_record "no debug information" out.o

"$clangxx" -O0 -g -S -emit-llvm unit.cpp -o unit.ll
"$clangxx" -O2 "$plugin" -c unit.ll -o out.o
has_record "IR of another run" out.o

"$clangxx" -O1 -g -c -emit-llvm unit.cpp -o unit.bc
"$clangxx" -O2 "$plugin" -c unit.bc -o out.o
has_record "bitcode" out.o

printf '.globl f\nf:\n  ret\n' > code.S
"$clang" "$plugin" -c code.S -o code.o
echo "assembly passes"

"$clangxx" -E "$plugin" unit.cpp -o unit.ii
[ -s unit.ii ]
echo "preprocessing passes"

"$clangxx" -fsyntax-only "$plugin" unit.cpp
echo "syntax only passes"

echo '#include <string>' > all.hpp
"$clangxx" -O2 -g "$plugin" -x c++-header all.hpp -o all.hpp.pch
echo "precompiled header passes"
echo 'std::size_t length(const std::string &s) { return s.size(); }' > user.cpp
"$clangxx" -O2 -g "$plugin" -include-pch all.hpp.pch -c user.cpp -o out.o
has_record "user of the header" out.o

echo 'int main(void) { return 0; }' > main.c
"$clang" -c main.c -o main.o
"$clang" "$plugin" main.o -o program
./program
echo "link only passes"

"$clang" -O2 -g "$plugin" -c other.c main.c
has_record "two sources" other.o main.o

"$clang" -O2 -g "$plugin" -x c -c - -o out.o < other.c
has_record "standard input" out.o

"$clang" -O2 -ffreestanding -nostdinc "$plugin" -c other.c -o out.o
has_record "freestanding" out.o
