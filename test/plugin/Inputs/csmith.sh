# csmith.sh FOLDER COUNT: writes random-1.c ... with fixed seeds.
set -euo pipefail
for seed in $(seq 1 "$2"); do
  csmith --seed "$seed" --max-funcs 6 --max-block-depth 3 --output "$1/random-$seed.c" > /dev/null
done
