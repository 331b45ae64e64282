#!/usr/bin/env bash
# The bar for a demonstration model (issue PROOF): fresh phantoms of the test world, edition 2, new patients for each set.
#   benchmarks/bar.sh MODEL [SETS=20] [LONG_SIDE=1200] [FOLDER=out/bar]
# Writes FOLDER/sets/SEED/evaluation.json and FOLDER/bar.md. A set that is there is not made again. KEEP=1 keeps the films, FOLDER/films-SEED,
# for the next model.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
model=${1:?usage: benchmarks/bar.sh MODEL [SETS] [LONG_SIDE] [FOLDER]}
sets=${2:-20}
side=${3:-1200}
folder=${4:-out/bar}
bis=${BIS:-./run.sh}
mkdir -p "$folder/sets"
for ((set = 0; set < sets; set++)); do
  seed=$((20262000 + set))
  if [ -f "$folder/sets/$seed/evaluation.json" ]; then continue; fi
  films=$folder/films-$seed
  rm -rf "$folder/run" "$folder/sets/$seed"
  # The labels come last: without them the films are not all there.
  if [ ! -f "$films/labels.csv" ]; then
    rm -rf "$films"
    $bis phantom --count 343 --out "$films" --seed "$seed" --long-side "$side" --edition 2 --masks >/dev/null 2>&1
  fi
  $bis scan "$films" --run "$folder/run" --model "$model" --explain None >/dev/null 2>&1
  $bis evaluate "$folder/run" --truth "$films/labels.csv" --bootstrap 200 --out "$folder/sets/$seed" >/dev/null 2>&1
  rm -rf "$folder/run"
  [ -n "${KEEP:-}" ] || rm -rf "$films"
  echo "set $seed" >&2
done
python3 benchmarks/bar.py "$folder" | tee "$folder/bar.md"
