#!/usr/bin/env bash
# The whole of the fuzzer: 1,000,000 mutated headers and 20,000 mutated films (docs/dicom.md, Fuzzing).
#   tests/fuzz.sh                                     all of it, on all cores
#   tests/fuzz.sh --headers N --films N --seed S --workers N --seconds S
# Ends with a line a part: cases, failures, seed, seconds, worst time, worst memory. Exit code 1 when anything failed; each
# failure lies minimised in tests/BulkImplantScan.Tests/Fuzz/found/ and is replayed from Fuzz/Recipes/ once it is moved there.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export BIS_FUZZ_HEADERS=1000000 BIS_FUZZ_FILMS=20000 BIS_FUZZ_SECONDS=14400
while [ $# -gt 0 ]; do
  case $1 in
    --headers | --films | --seed | --workers | --seconds)
      [ $# -ge 2 ] && [[ $2 =~ ^[0-9]+$ ]] || { echo "$1 needs a whole number" >&2; exit 2; }
      declare -x "BIS_FUZZ_$(tr '[:lower:]' '[:upper:]' <<<"${1#--}")=$2"
      shift 2
      ;;
    *) sed -n '2,7s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
  esac
done

project=$root/tests/BulkImplantScan.Tests
found=$project/Fuzz/found
rm -f "$found"/*-summary.txt "$found"/*-hang.txt
dotnet build "$project" -c Release -v quiet >&2
status=0
"$project/bin/Release/net10.0/BulkImplantScan.Tests" -noColor -class BulkImplantScan.Tests.Fuzz.FuzzTests || status=1

# A process that died left the number of the case that it was at.
for running in "$found"/*-running.txt.*; do
  [ -e "$running" ] || continue
  echo "died at case $(cat "$running") ($(basename "$running"), seed ${BIS_FUZZ_SEED:-default})" >&2
  status=1
done
cat "$found"/*-hang.txt 2>/dev/null || true
cat "$found"/*-summary.txt 2>/dev/null || status=1
exit $status
