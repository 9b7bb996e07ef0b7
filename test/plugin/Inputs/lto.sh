# lto.sh full|thin CLANGXX PLUGIN: builds unit.cpp with LTO without the plugin, with it at the compile, and at the link too.
set -euo pipefail
mode=$1 clangxx=$2 plugin=$3
flags=(-std=c++20 -O2 -g "-flto=$mode" -pthread)
for variant in without compile both; do
  extra=() link=()
  [ $variant = without ] || extra=(-fpass-plugin="$plugin")
  [ $variant != both ] || link=(-Wl,--load-pass-plugin="$plugin")
  "$clangxx" "${flags[@]}" "${extra[@]}" -c unit.cpp -o unit.o 2> $variant.compile.log
  "$clangxx" "${flags[@]}" -fuse-ld=lld "${link[@]}" unit.o -o program 2> $variant.link.log
  mv program $variant.out
  mv unit.o $variant.o
  ./$variant.out
done
cmp without.out compile.out
cmp without.out both.out
# The compile warns once; the link does not say it again.
cmp compile.compile.log both.compile.log
cmp compile.link.log both.link.log
