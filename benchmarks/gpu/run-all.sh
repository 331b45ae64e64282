#!/usr/bin/env bash
# Everything about a GPU that cannot be known without one, in one command; docs/gpu.md says how to read what comes out.
#   benchmarks/gpu/run-all.sh [FILMS]     FILMS: a folder with films to compare CPU and GPU on; phantoms are made without
#   DEVICE=cpu benchmarks/gpu/run-all.sh  tries the script itself, at sizes for the emulator
# Raw output and report.md go to docs/gpu/<date>-<device>/: commit them.
# Environment, for a machine that is lent for minutes at a time:
#   STEPS="machine agreement probe kernels networks ladder pipeline peer report"   which, in this order
#   WORK=DIR         films, models and runs are made here and stay (default: a temporary folder that is deleted)
#   OUT=DIR          raw output (default as above)
#   COUNT=2000       phantoms that CPU and GPU are compared on; PRECISION_FILMS=4000 for the step kernels
#   SCAN_FILMS=1000  different films of each transfer syntax; COPIES=20: hard links of each, so that a scan is long enough to be timed
#   BATCHES="256 64" films a batch of ladder and pipeline
#   JPEG_2000=FILE   a film in JPEG 2000, for NVIDIA's decoder of it beside the processor's
#   SECONDS_A_RUN=5  of each run of the ladder
#   BIS, BENCHMARKS  commands in place of ./run.sh and of the benchmark program, where there is no SDK to build them: nothing is built then
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
here=$root/benchmarks/gpu
device=${DEVICE:-cuda:0}
steps=${STEPS:-machine agreement probe kernels networks ladder pipeline peer report}
count=${COUNT:-2000} compared=${PRECISION_FILMS:-4000} scan_films=${SCAN_FILMS:-1000} copies=${COPIES:-20} batches=${BATCHES:-256 64} seconds=${SECONDS_A_RUN:-5}
architecture=(--arch resnet50) other_architectures=(resnet18) precisions=(fp32 tf32 fp16) longest=() size=() film=() few=(--films 64) flavour=(-p:OnnxRuntimeFlavor=Gpu)
slow_copies=1 runs=3 peer_films=8192 disk_bytes=8G block=$((1 << 20))
if [ "$device" = cpu ]; then
  count=${COUNT:-24} compared=${PRECISION_FILMS:-8} scan_films=${SCAN_FILMS:-12} copies=${COPIES:-2} batches=${BATCHES:-2} seconds=${SECONDS_A_RUN:-0.5}
  architecture=(--arch small --input 32) other_architectures=(small) precisions=(fp32 fp16) longest=(--long-side 400) size=(--size 40x48) film=(--film 40x48) few=(--films 2) flavour=()
  runs=1 peer_films=4 disk_bytes=64M block=$((1 << 16))
fi
if [ -n "${WORK:-}" ]; then
  work=$WORK
  mkdir -p "$work"
else
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
fi
out=${OUT:-$root/docs/gpu/$(date -u +%Y-%m-%d)-${device/:/}}
mkdir -p "$out"
read -r -a bis <<<"${BIS:-$root/run.sh}"
project=$root/benchmarks/BulkImplantScan.Benchmarks
python=$(command -v python3 || true)

for step in $steps; do
  case $step in
    machine | agreement | probe | kernels | networks | ladder | pipeline | peer | report) ;;
    *) echo "There is no step $step; see the head of ${BASH_SOURCE[0]}." >&2; exit 2 ;;
  esac
done

wants() { [[ " $steps " == *" $1 "* ]]; }
say() { printf '== %s\n' "$*" >&2; }

# Raw output is committed: it should not say where on this machine things lay.
hide() { sed -u -e "s#$work#WORK#g" -e "s#$root/##g"; }

# bench NAME ARGUMENT...: a command of the benchmark program; its output is NAME.txt. One that fails does not end the rest.
bench() {
  local name=$1
  shift
  say "$name"
  "${benchmarks[@]}" "$@" 2>&1 | hide | tee "$out/$name.txt" || { echo "$name FAILED" | tee -a "$out/$name.txt" >&2; failed=1; }
}

# scan NAME FILMS-OR-RUN ARGUMENT...: into the run $work/runs/NAME; the run's log is NAME.jsonl, what was said NAME.txt, and NAME.power.csv
# what nvidia-smi saw meanwhile. report.py finds the scan's own seconds in there by the time.
scan() {
  local name=$1 from=$2 sampler=""
  shift 2
  say "scan $name"
  if [ "$device" != cpu ] && command -v nvidia-smi >/dev/null; then
    TZ=UTC stdbuf -oL nvidia-smi --id="${device#cuda:}" --query-gpu=timestamp,power.draw,utilization.gpu,clocks.sm,memory.used --format=csv,noheader,nounits -lms 100 \
      >"$out/$name.power.csv" 2>/dev/null &
    sampler=$!
  fi
  "${bis[@]}" scan "$from" --run "$work/runs/$name" --site-key "$work/key" --explain none "$@" 2>&1 | hide | tee "$out/$name.txt" || { echo "$name FAILED" | tee -a "$out/$name.txt" >&2; failed=1; }
  if [ -n "$sampler" ]; then kill "$sampler" 2>/dev/null || true; wait "$sampler" 2>/dev/null || true; fi
  if [ -f "$work/runs/$name/log/scan.jsonl" ]; then cp "$work/runs/$name/log/scan.jsonl" "$out/$name.jsonl"; fi
}

# model NAME ARGUMENT...: an untrained package, and its fp16 twin NAME-fp16. What a network costs does not depend on its weights.
model() {
  local name=$1
  shift
  if [ ! -d "$work/models/$name" ]; then "${bis[@]}" model new "$@" --out "$work/models/$name"; fi
  if [ ! -d "$work/models/$name-fp16" ]; then "${bis[@]}" model half "$work/models/$name" --out "$work/models/$name-fp16"; fi
}
model_for() { if [ "$1" = fp16 ]; then echo "$work/models/main-fp16"; else echo "$work/models/main"; fi; }

# films_of FOLDER: an archive of hard links: every film so many times. Each is read, decoded and judged like any other.
films_of() {
  local name=$1 times=$2 copy
  if [ -d "$work/archives/$name" ]; then return; fi
  mkdir -p "$work/archives/$name"
  for ((copy = 0; copy < times; copy++)); do cp -rl "$work/films/$name" "$work/archives/$name/$copy"; done
}

# Takes films out of the page cache, without root: says so with how much of them is still there, where that can be asked.
evict() {
  sync
  find "$1" -type f -exec sh -c 'for f; do dd if="$f" iflag=nocache count=0 status=none || exit 1; done' sh {} + || { echo unknown; return; }
  if ! command -v fincore >/dev/null; then echo unknown; return; fi
  find "$1" -type f -exec fincore --bytes --raw --noheadings --output RES,SIZE {} + | awk '{ there += $1; all += $2 } END { printf "%.3f\n", all ? there / all : 0 }'
}

failed=0
if [ -z "${BENCHMARKS:-}" ] && { wants probe || wants kernels || wants networks || wants ladder || wants pipeline || wants peer; }; then
  say "building the benchmarks"
  dotnet build "$project" -c Release -v quiet "${flavour[@]}"
fi
read -r -a benchmarks <<<"${BENCHMARKS:-$project/bin/Release/net10.0/BulkImplantScan.Benchmarks}"
if wants probe || wants networks || wants ladder || wants pipeline; then model main "${architecture[@]}"; fi

if wants machine; then
  {
    uname -srm
    lscpu 2>/dev/null | sed -n 's/^Model name: */processor: /p' || true
    echo "cores: $(nproc)"
    nvidia-smi 2>/dev/null || echo "no nvidia-smi"
    nvidia-smi --query-gpu=name,driver_version,pcie.link.gen.max,pcie.link.width.max,clocks.max.sm,power.limit --format=csv 2>/dev/null || true
    "${bis[@]}" doctor || true
  } 2>&1 | hide >"$out/machine.txt"
fi

# The same films on processor and device: how far apart are the answers?
if wants agreement; then
  films=${1:-}
  if [ -z "$films" ]; then
    films=$work/phantoms/films
    if [ ! -d "$films" ]; then "${bis[@]}" phantom --count "$count" --out "$work/phantoms" --seed 4 "${longest[@]}"; fi
  fi
  for name in reference device; do
    d=$device
    if [ $name = reference ]; then d=cpu; fi
    rm -rf "$work/runs/scan-$name"
    scan "scan-$name" "$films" --device "$d"
    "${bis[@]}" sql "$work/runs/scan-$name" \
      "SELECT film_key, status, reason, top_class, probability, energy, cam_peak FROM films ORDER BY film_index" --csv >"$work/$name.csv"
  done
  paste -d, "$work/reference.csv" "$work/device.csv" | awk -F, '
    NR == 1 { next }
    { films++; if ($1 != $8) other++; if ($2 != $9) status++; if ($4 != $11) top++; d = $5 - $12; if (d < 0) d = -d; if (d > worst) worst = d }
    END { printf "films %d, in another order %d, another status %d, another top class %d, largest difference of the probability %.6f\n", films, other, status, top, worst }
  ' | tee "$out/agreement.txt"
fi

# Do kernels and network share buffers, also with batches in flight?
if wants probe; then
  for precision in fp32 fp16; do
    for batch in $batches; do
      bench "probe-$precision-$batch" gpu-probe "$(model_for "$precision")" --device "$device" --batch "$batch" "${film[@]}" --seconds "$seconds" --runs "$runs"
    done
  done
fi

# Kernels beside the device's copy bandwidth, JPEG lossless on the device, and what TF32 and fp16 change.
if wants kernels; then
  bench kernels kernels --device "$device" "${few[@]}" "${size[@]}"
  bench jpeg-lossless jpeg-lossless-device --device "$device" "${few[@]}" "${size[@]}"
  jpeg_2000=${JPEG_2000:-$root/../shared/data/dicom/hip_cr_j2k90.dcm}
  if [ -f "$jpeg_2000" ]; then bench jpeg-2000 jpeg-2000-device --film "$jpeg_2000" --device "$device" --seconds "$seconds"
  else echo "SKIPPED JPEG 2000: JPEG_2000=FILE names no film" | tee "$out/jpeg-2000.txt"; fi
  bench precision precision "$root"/models/phantom-hip-* --films "$compared" --device "$device" "${longest[@]}"
fi

# From the bare network to the scan without its files, step by step.
if wants ladder; then
  for precision in "${precisions[@]}"; do
    for batch in $batches; do
      bench "ladder-$precision-$batch" gpu-ladder "$(model_for "$precision")" --device "$device" --batch "$batch" --precision "$precision" "${film[@]}" \
        --seconds "$seconds" --runs "$runs" --json "$out/ladder-$precision-$batch.json"
    done
  done
fi

if wants networks || wants pipeline || wants peer; then
  if [ ! -d "$work/films/explicit" ]; then
    say "films"
    "${benchmarks[@]}" films "$work/films" --count "$scan_films" --seed 4 "${longest[@]}"
    if command -v dcmcjpls >/dev/null; then
      mkdir "$work/films/jpeg-ls"
      (cd "$work/films/explicit" && find . -type f -print0) | xargs -0 -P "$(nproc)" -I {} dcmcjpls "$work/films/explicit/{}" "$work/films/jpeg-ls/{}"
    else
      echo "no dcmcjpls (package dcmtk): no films in JPEG-LS" | tee "$out/jpeg-ls.txt" >&2
    fi
  fi
  for folder in "$work"/films/*/; do
    name=$(basename "$folder")
    # One core decodes some fifteen such films a second: the device waits anyway.
    if [ "$name" = jpeg-ls ]; then films_of "$name" "$slow_copies"; else films_of "$name" "$copies"; fi
    find "$folder" -type f -printf '%s\n' | awk -v name="$name" '{ bytes += $1 } END { printf "%s,%d,%.0f\n", name, NR, bytes / NR }'
  done | { echo "syntax,films,bytes_a_film"; cat; } >"$out/films.csv"
fi

# Other networks, from the page cache.
if wants networks; then
  for arch in "${other_architectures[@]}"; do
    model "$arch" --arch "$arch"
    for precision in "${precisions[@]}"; do
      package=$work/models/$arch
      if [ "$precision" = fp16 ]; then package=$package-fp16; fi
      rm -rf "$work/runs/scan-$arch-$precision"
      scan "scan-$arch-$precision" "$work/archives/explicit" --model "$package" --device "$device" --precision "$precision"
    done
  done
fi

# The whole scan, by transfer syntax: first from the disk, then from the page cache.
if wants pipeline; then
  # Read alone: out of the page cache by one reader, and from the disk by eight past the cache, where the file system can do that.
  { cat "$work"/films/explicit/* || true; } | head -c "$disk_bytes" >"$work/disk.bin" # head may end before cat does
  bytes=$(stat -c %s "$work/disk.bin")
  eighth=$((bytes / 8 / block))
  echo "what,bytes,seconds" >"$out/disk.csv"
  cat "$work/disk.bin" >/dev/null
  from=$(date +%s.%N)
  cat "$work/disk.bin" >/dev/null
  awk -v from="$from" -v to="$(date +%s.%N)" -v bytes="$bytes" 'BEGIN { printf "page-cache,%.0f,%.3f\n", bytes, to - from }' >>"$out/disk.csv"
  sync
  from=$(date +%s.%N)
  if [ "$eighth" -gt 0 ] && seq 0 7 | xargs -P 8 -I {} sh -c "dd if='$work/disk.bin' of=/dev/null bs=$block iflag=direct skip=\$(({} * $eighth)) count=$eighth status=none" 2>/dev/null; then
    awk -v from="$from" -v to="$(date +%s.%N)" -v bytes="$((8 * eighth * block))" 'BEGIN { printf "disk,%.0f,%.3f\n", bytes, to - from }' >>"$out/disk.csv"
  fi
  rm "$work/disk.bin"
  echo "scan,resident_share_before" >"$out/cold.csv"
  for folder in "$work"/archives/*/; do
    syntax=$(basename "$folder")
    for precision in "${precisions[@]}"; do
      for batch in $batches; do
        # Other precisions and sizes of batches change the device's part: seen where decoding does not hide it.
        if [ "$syntax" != explicit ] && [ "$precision-$batch" != "${precisions[-1]}-${batches%% *}" ]; then continue; fi
        name=pipeline-$syntax-$precision-$batch
        for state in cold warm; do
          if [ $state = cold ] && [ "$precision-$batch" != "${precisions[-1]}-${batches%% *}" ]; then continue; fi
          from=$folder
          if [ $state = cold ]; then from=$work/films/$syntax; fi # each film once: a second link to it would come from the cache
          rm -rf "$work/runs/$name-$state"
          "${bis[@]}" index "$from" --run "$work/runs/$name-$state" --site-key "$work/key" >/dev/null 2>&1
          if [ $state = cold ]; then echo "$name-$state,$(evict "$from")" >>"$out/cold.csv"; fi
          scan "$name-$state" "$from" --model "$(model_for "$precision")" --device "$device" --precision "$precision" --batch "$batch"
          rm -rf "$work/runs/$name-$state"
          # What the device's decoder is worth, and whether more films at a time fill it better than one a core.
          if [ "$syntax-$state" = jpeg-lossless-warm ]; then
            scan "${name/jpeg-lossless/jpeg-lossless by processor}-warm" "$from" --model "$(model_for "$precision")" --device "$device" --precision "$precision" --batch "$batch" --device-decode off
            scan "${name/jpeg-lossless/jpeg-lossless by 3 workers a core}-warm" "$from" --model "$(model_for "$precision")" --device "$device" --precision "$precision" --batch "$batch" --workers $((3 * $(nproc)))
            rm -rf "$work/runs/$name-warm" "$work/runs"/pipeline-jpeg-lossless\ by*
          fi
        done
      done
    done
  done
fi

# What a user of PyTorch writes today, on the same films.
if wants peer; then
  if [ -n "$python" ] && "$python" -c 'import torch' 2>/dev/null; then
    say "peer"
    "$python" "$here/torch_peer.py" "$work/archives/explicit" --films "$peer_films" --batch "${batches%% *}" --device "${device%%:*}" --json "$out/peer.json" 2>&1 |
      tee "$out/peer.txt" || { echo "peer FAILED" | tee -a "$out/peer.txt" >&2; failed=1; }
  else
    echo "SKIPPED: no python3 with torch here; the peer was not measured" | tee "$out/peer.txt"
  fi
fi

if wants report; then
  if [ -n "$python" ]; then "$python" "$here/report.py" "$out"; else echo "SKIPPED: no python3 here: run benchmarks/gpu/report.py ${out#"$root"/} elsewhere"; fi
fi
echo "raw output: ${out#"$root"/}"
exit $failed
