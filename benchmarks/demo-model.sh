#!/usr/bin/env bash
# Trains models/phantom-hip-v4 again: its predecessor trained on, with metal alone on even ground.
#   benchmarks/demo-model.sh OUT [SCRATCH=out/demo-model]
# 22 minutes on two cores with AVX512_BF16 (docs/training.md). A run that was stopped goes on where it was. The same model only on the
# same kind of machine. Needs the history of the repository, where the predecessor is. FROM_NOTHING=1: without it, 36 minutes of training.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
out=${1:?usage: benchmarks/demo-model.sh OUT [SCRATCH]}
scratch=${2:-out/demo-model}
# The labels come last: without them the films are not all there.
films() {
  if [ -f "$scratch/$1/labels.csv" ]; then return; fi
  rm -rf "${scratch:?}/$1"
  ./run.sh phantom --out "$scratch/$1" --edition 2 "${@:2}"
}
mkdir -p "$scratch"
films films --count 8000 --seed 20261130 --long-side 1200 --set training --masks --unknown 0.2 --weights D3=3,D4=3,antegrade_nail=3
films fresh --count 700 --seed 20261202
if [ -n "${FROM_NOTHING:-}" ]; then
  how=(--epochs 24)
else
  # The last commit that had the package to start from.
  git archive 47dc03c models/phantom-hip-v3 | tar -x -C "$scratch"
  how=(--start-from "$scratch/models/phantom-hip-v3" --epochs 8 --learning-rate 0.001)
fi
./run.sh train "$scratch/films/labels.csv" --out "$out" --name phantom-hip-v4 --patience 0 --seed 1 --test "$scratch/fresh/labels.csv" "${how[@]}"
