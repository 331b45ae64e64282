#!/usr/bin/env bash
# The front end (bytes in the page cache -> normalised 224 x 224 tensor) against the Python peer, interleaved, as Markdown.
#   docs/benchmarks/front-end.sh SHARED [SCRATCH]
# SHARED holds peers/front_end.py and peers/make_archive.py; SCRATCH (default: a temporary folder) gets the archives, some GB.
# Environment: FILMS=24 a syntax, ROUNDS=5, SECONDS_A_RUN=10, SYNTAXES="explicit rle ...", CORES="0 1".
# Each round runs the peer and ours one after the other on the first core, then on both; medians, and the least and largest round.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
[ $# -ge 1 ] && [ -x "$1/peers/front_end.py" ] || { sed -n '2,6s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2; }
peers=$(cd "$1/peers" && pwd)
scratch=${2:-$(mktemp -d)}
films=${FILMS:-24} rounds=${ROUNDS:-5} seconds=${SECONDS_A_RUN:-10}
read -r -a cores <<<"${CORES:-0 1}"
read -r -a syntaxes <<<"${SYNTAXES:-explicit rle deflated jpeg-lossless jpeg-ls j2k}"
export PYTHONDONTWRITEBYTECODE=1 DOTNET_NOLOGO=1

dotnet build "$root/benchmarks/BulkImplantScan.Benchmarks" -c Release -v quiet >&2
ours=$root/benchmarks/BulkImplantScan.Benchmarks/bin/Release/net10.0/BulkImplantScan.Benchmarks

# rate of OURS|PEER for FOLDER on N cores, with further arguments of ours: films a second.
run_ours() { # FOLDER N [ARGUMENT...]
  local folder=$1 n=$2; shift 2
  taskset -c "$(IFS=,; echo "${cores[*]:0:$n}")" "$ours" front-end "$folder" --workers "$n" --seconds "$seconds" "$@" | tail -n 1 | cut -d, -f4
}
run_peer() { # FOLDER N
  taskset -c "$(IFS=,; echo "${cores[*]:0:$2}")" "$peers/front_end.py" --voi table --processes "$2" "$1" | tail -n 1 | cut -d, -f6
}

median() { sort -n | awk '{ v[NR] = $1 } END { print (NR % 2) ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
spread() { sort -n | awk 'NR == 1 { least = $1 } { most = $1 } END { printf "%.1f to %.1f", least, most }'; }

row() { # NAME FOLDER [ARGUMENT OF OURS...]
  local name=$1 folder=$2; shift 2
  local peer1=() ours1=() peer2=() ours2=() ratios=() i
  for ((i = 0; i < rounds; i++)); do
    peer1+=("$(run_peer "$folder" 1)"); ours1+=("$(run_ours "$folder" 1 "$@")")
    ratios+=("$(awk -v a="${ours1[-1]}" -v b="${peer1[-1]}" 'BEGIN { print a / b }')")
    peer2+=("$(run_peer "$folder" 2)"); ours2+=("$(run_ours "$folder" 2 "$@")")
  done
  local p1 o1 p2 o2
  p1=$(printf '%s\n' "${peer1[@]}" | median) o1=$(printf '%s\n' "${ours1[@]}" | median)
  p2=$(printf '%s\n' "${peer2[@]}" | median) o2=$(printf '%s\n' "${ours2[@]}" | median)
  printf '| %s | %.1f | %.1f | %.1f | %s | %.1f | %.1f | %.2f |\n' "$name" "$p1" "$o1" \
    "$(printf '%s\n' "${ratios[@]}" | median)" "$(printf '%s\n' "${ratios[@]}" | spread)" "$p2" "$o2" "$(awk -v a="$o2" -v b="$o1" 'BEGIN { print a / b }')"
}

lscpu | sed -n 's/^Model name: *//p' >&2
echo "| syntax | peer, 1 core | ours, 1 core | ratio | ratio by round | peer, 2 cores | ours, 2 cores | ours, 2 cores : 1 |"
echo "|---|---:|---:|---:|---|---:|---:|---:|"
for syntax in "${syntaxes[@]}"; do
  folder=$scratch/$syntax
  [ -d "$folder" ] || "$peers/make_archive.py" --out "$folder" --n "$films" --syntax "$syntax" >&2
  row "$syntax" "$folder"
  # JPEG 2000 is decoded at the resolution that is needed, unless all of it is asked for.
  if [ "$syntax" = j2k ]; then row "j2k, exact" "$folder" --exact-decode; fi
done
