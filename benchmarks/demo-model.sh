#!/usr/bin/env bash
# Trains models/phantom-hip-v3 again: the one before, pruned, on 8000 films, half of them of the pair that is hard to tell apart.
#   benchmarks/demo-model.sh OUT [SCRATCH=out/demo-model]
# Some 80 minutes on two cores with AVX2 (docs/training.md). The same model only on the same kind of machine.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
out=${1:?usage: benchmarks/demo-model.sh OUT [SCRATCH]}
scratch=${2:-out/demo-model}
mkdir -p "$scratch"
# The last commit that had the package to start from.
git archive 01171d1 models/phantom-hip-v2 | tar -x -C "$scratch"
[ -f "$scratch/films/labels.csv" ] || ./run.sh phantom --count 8000 --out "$scratch/films" --seed 20261130 --long-side 1200 --set training --edition 2 --masks \
  --unknown 0.2 --weights D3=3,D4=3,antegrade_nail=3
[ -f "$scratch/fresh/labels.csv" ] || ./run.sh phantom --count 700 --out "$scratch/fresh" --seed 20261202 --edition 2
./run.sh train "$scratch/films/labels.csv" --out "$out" --name phantom-hip-v3 --start-from "$scratch/models/phantom-hip-v2" --epochs 8 --patience 0 \
  --learning-rate 0.002 --threads 2 --seed 1 --test "$scratch/fresh/labels.csv"
