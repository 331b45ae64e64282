#!/usr/bin/env bash
# Trains models/phantom-hip-v5 from nothing but phantoms: a network that is wide inside its blocks, on designs evenly; then that network pruned,
# on other films, more of them of what is hard to tell apart and of what is to be refused; then the same with metal alone among the films.
#   benchmarks/demo-model.sh OUT [SCRATCH=out/demo-model]
# 27 GB of films; an hour and a half at most on two cores with AVX512_BF16, several times that without (docs/training.md). A run that was stopped
# goes on where it was. The same model only on the same kind of machine.
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
films even --count 7000 --seed 20261129 --long-side 1200 --set training --masks --unknown 0.15
if [ ! -f "$scratch/wide/model.json" ]; then
  ./run.sh train "$scratch/even/labels.csv" --out "$scratch/wide" --name wide --wide-blocks --epochs 18 --patience 0 --seed 1 --metal-alone 0
fi
films films --count 8000 --seed 20261130 --long-side 1200 --set training --masks --unknown 0.2 --weights D3=3,D4=3,antegrade_nail=3
if [ ! -f "$scratch/half/model.json" ]; then
  ./run.sh train "$scratch/films/labels.csv" --out "$scratch/half" --name half --patience 0 --seed 1 --metal-alone 0 \
    --start-from "$scratch/wide" --epochs 8 --learning-rate 0.002
fi
./run.sh train "$scratch/films/labels.csv" --out "$out" --name phantom-hip-v5 --patience 0 --seed 1 --test "$scratch/fresh/labels.csv" \
  --start-from "$scratch/half" --epochs 8 --learning-rate 0.001
