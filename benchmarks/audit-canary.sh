#!/usr/bin/env bash
# Test 10 of docs/audit.md: is the audit red for a model that was trained on a planted shortcut, and not for its twin?
#   benchmarks/audit-canary.sh [SCRATCH]
# SCRATCH (default: out/audit-canary, new or empty) gets films, two models and two audits; docs/audit.md says how long that takes.
# Environment: CONFOUNDING=marker=0.95, FILMS=2000, LONG_SIDE=500, INPUT=224, EPOCHS=20, PAIRS=300, THREADS=all cores, SEED=31.
# Exit code 0: the background alone, with the marker by label, is red of the canary and not of the twin, and moving or removing markers turns
# more of the canary's answers than of the twin's, beyond both intervals (a small network flips on anything: its twin is the measure, not 1 %).
# 1: otherwise. The lines that were compared are printed.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
scratch=${1:-$root/out/audit-canary}
confounding=${CONFOUNDING:-marker=0.95} films=${FILMS:-2000} threads=${THREADS:-$(nproc)} seed=${SEED:-31} long_side=${LONG_SIDE:-500}
if [ -e "$scratch" ] && [ -n "$(ls -A "$scratch")" ]; then echo "$scratch is not empty." >&2; exit 2; fi
mkdir -p "$scratch"
# Without augmentation: mirrored, shifted and covered films take the meaning from a marker's place, which is what they are for.
export DOTNET_PROCESSOR_COUNT=$threads

for twin in canary twin; do
  planted=()
  if [ $twin = canary ]; then planted=(--confounding "$confounding"); fi
  "$root/run.sh" phantom --count "$films" --out "$scratch/$twin-films" --seed "$seed" --set training --edition 1 --long-side "$long_side" ${planted[@]+"${planted[@]}"}
  "$root/run.sh" train "$scratch/$twin-films/labels.csv" --out "$scratch/$twin" --name $twin --input-size "${INPUT:-224}" --epochs "${EPOCHS:-20}" --as-they-are --threads "$threads"
  # Red is what is asked for: the lines decide.
  "$root/run.sh" audit --model "$scratch/$twin" --out "$scratch/$twin-audit" --pairs "${PAIRS:-300}" --edition 1 --long-side "$long_side" --threads "$threads" || [ $? -ne 2 ]
done

python3 "$root/benchmarks/canary.py" "${confounding%%=*}" "$scratch/canary-audit/audit.json" "$scratch/twin-audit/audit.json"
