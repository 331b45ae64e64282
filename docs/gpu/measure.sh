#!/usr/bin/env bash
# Everything about a GPU that cannot be known without one, in one command; raw output lands beside this file.
#   docs/gpu/measure.sh [FILMS]        FILMS: a folder with films; 400 phantoms are made without
#   DEVICE=cpu docs/gpu/measure.sh     the same on the CPU: tries the script itself
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
device=${DEVICE:-cuda:0}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
out=$root/docs/gpu/$(date -u +%Y-%m-%d)-${device/:/}
mkdir -p "$out"
films=${1:-}
if [ -z "$films" ]; then
  "$root/run.sh" phantom --count 400 --out "$work/phantoms" --seed 4
  films=$work/phantoms/films
fi

{ uname -srm; nvidia-smi 2>/dev/null || echo "no nvidia-smi"; "$root/run.sh" doctor; } >"$out/machine.txt" 2>&1 || true
for name in reference device; do
  d=$device
  if [ $name = reference ]; then d=cpu; fi
  "$root/run.sh" scan "$films" --run "$work/$name" --site-key "$work/key" --device "$d" --explain none 2>&1 | tee "$out/scan-$name.txt"
  cp "$work/$name/log/scan.jsonl" "$out/scan-$name.jsonl"
  "$root/run.sh" sql "$work/$name" \
    "SELECT film_key, status, reason, top_class, probability, energy, cam_peak FROM films ORDER BY film_index" --csv >"$work/$name.csv"
done

# Same films, same model: how far apart are the answers?
paste -d, "$work/reference.csv" "$work/device.csv" | awk -F, '
  NR == 1 { next }
  { films++; if ($2 != $9) status++; if ($4 != $11) top++; d = $5 - $12; if (d < 0) d = -d; if (d > worst) worst = d }
  END { printf "films %d, another status %d, another top class %d, largest difference of the probability %.6f\n", films, status, top, worst }
' | tee "$out/agreement.txt"
# Kernels beside the device's copy bandwidth, JPEG lossless on the device, and what TF32 and fp16 change.
flavour=(-p:OnnxRuntimeFlavor=Gpu) size=() few=(--films 64) compared=4000
if [ "$device" = cpu ]; then flavour=() size=(--size 40x48) few=(--films 2) compared=8; fi
project=$root/benchmarks/BulkImplantScan.Benchmarks
dotnet build "$project" -c Release -v quiet "${flavour[@]}"
bench() { # NAME ARGUMENT...
  local name=$1
  shift
  dotnet run --no-build -c Release --project "$project" "${flavour[@]}" -- "$@" 2>&1 | tee "$out/$name.txt" || echo "$name failed: go on" >&2
}
bench kernels kernels --device "$device" "${few[@]}" "${size[@]}"
bench jpeg-lossless jpeg-lossless-device --device "$device" "${few[@]}" "${size[@]}"
bench precision precision "$root/models/phantom-hip-v4" --films "$compared" --device "$device"
for arch in resnet18 resnet50; do # standard loads: rates of the network alone mean nothing without batch and clock, which the log has
  "$root/run.sh" model new --arch "$arch" --out "$work/$arch"
  for precision in fp32 tf32; do
    if [ "$device" = cpu ] && [ "$precision" = tf32 ]; then continue; fi
    "$root/run.sh" scan "$films" --run "$work/$arch-$precision" --site-key "$work/key" --model "$work/$arch" --device "$device" --precision "$precision" \
      --explain none 2>&1 | tee "$out/scan-$arch-$precision.txt"
    cp "$work/$arch-$precision/log/scan.jsonl" "$out/scan-$arch-$precision.jsonl"
  done
done
echo "raw output: ${out#"$root"/}"
