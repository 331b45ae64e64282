#!/usr/bin/env bash
# Trains models/phantom-hip-v5 from nothing but phantoms, in two stages: all that is to be told apart, then, on other films at a lower rate,
# more of what is to be refused.
#   benchmarks/demo-model.sh OUT [SCRATCH=out/demo-model]
# Some 90 minutes on two cores with AVX512_BF16, 28 GB of films (docs/training.md). A run that was stopped goes on where it was. The same
# model only on the same kind of machine.
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
films fresh --count 700 --seed 20261202
films films --count 16000 --seed 20261130 --long-side 1200 --set training --masks --unknown 0.2 --weights D3=3,D4=3,antegrade_nail=3
if [ ! -f "$scratch/first/model.json" ]; then
  ./run.sh train "$scratch/films/labels.csv" --out "$scratch/first" --name first-stage --patience 0 --seed 1 --epochs 20
fi
films more --count 10000 --seed 20261206 --long-side 1200 --set training --masks --unknown 0.3 --weights D3=3,D4=3,antegrade_nail=5
./run.sh train "$scratch/more/labels.csv" --out "$out" --name phantom-hip-v5 --patience 0 --seed 1 --test "$scratch/fresh/labels.csv" \
  --start-from "$scratch/first" --epochs 8 --learning-rate 0.001
