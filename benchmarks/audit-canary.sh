#!/usr/bin/env bash
# Test 10 of docs/audit.md: is the audit red for a model that was trained on a planted shortcut, and not for its twin?
#   benchmarks/audit-canary.sh [SCRATCH]
# SCRATCH (default: out/audit-canary, new or empty) gets films, two models and two audits; docs/audit.md says how long that takes.
# Environment: CONFOUNDING=marker=0.95, FILMS=1500, LONG_SIDE=700, INPUT=160, EPOCHS=12, PAIRS=300, THREADS=1, SEED=31.
# Exit code 0: a marker line of the canary is red and none of the twin. 1: otherwise; the lines that were compared are printed.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
scratch=${1:-$root/out/audit-canary}
confounding=${CONFOUNDING:-marker=0.95} films=${FILMS:-1500} threads=${THREADS:-1} seed=${SEED:-31} long_side=${LONG_SIDE:-700}
# Only lines of what was planted: a weak model is red elsewhere, which says nothing of the shortcut.
lines="^\| (${confounding%%=*} [a-z ]+) \| (answers that change|right guesses)"
if [ -e "$scratch" ] && [ -n "$(ls -A "$scratch")" ]; then echo "$scratch is not empty." >&2; exit 2; fi
mkdir -p "$scratch"
# Without augmentation: mirrored, shifted and covered films take the meaning from a marker's place, which is what they are for.
export DOTNET_PROCESSOR_COUNT=$threads

for twin in canary twin; do
  planted=()
  if [ $twin = canary ]; then planted=(--confounding "$confounding"); fi
  "$root/run.sh" phantom --count "$films" --out "$scratch/$twin-films" --seed "$seed" --set training --long-side "$long_side" ${planted[@]+"${planted[@]}"}
  "$root/run.sh" train "$scratch/$twin-films/labels.csv" --out "$scratch/$twin" --name $twin --input-size "${INPUT:-160}" --epochs "${EPOCHS:-12}" --as-they-are --threads "$threads"
  # Red is what is asked for: the lines decide.
  "$root/run.sh" audit --model "$scratch/$twin" --out "$scratch/$twin-audit" --pairs "${PAIRS:-300}" --edition 1 --long-side "$long_side" --threads "$threads" || [ $? -ne 2 ]
done

red() { grep -E "$lines" "$scratch/$1-audit/audit.md" | grep -c '| RED |' || true; }
for twin in canary twin; do
  echo "$twin:"
  grep -E "$lines" "$scratch/$twin-audit/audit.md" || true
done
[ "$(red canary)" -gt 0 ] && [ "$(red twin)" -eq 0 ]
