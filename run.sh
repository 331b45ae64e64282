#!/usr/bin/env bash
# The one way in.
#   ./run.sh            set-up, build, then the demonstration
#   ./run.sh test       every test; ends with "N passed, N failed, N skipped"
#   ./run.sh VERB ...   any verb (./run.sh --help lists them); builds only if something changed
# Environment: BIS_FLAVOUR=Cpu|Gpu overrides which ONNX Runtime is built in; BIS_FO_DICOM=true adds fo-dicom as second DICOM reader;
# BIS_NO_INSTALL=1: no apt-get for the codec libraries, also where it could be.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
state=$root/out/.build
configuration=Release
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

say() { printf '%s\n' "$*" >&2; }
lacks() { say "$*"; exit 4; }

require_dotnet() {
  command -v dotnet >/dev/null ||
    lacks "The .NET 10 SDK is missing. Install it (https://learn.microsoft.com/dotnet/core/install/linux), then run this again."
  local version
  version=$(cd "$root" && dotnet --version 2>/dev/null) ||
    lacks "The .NET SDK here is not 10. Install the .NET 10 SDK (https://learn.microsoft.com/dotnet/core/install/linux), then run this again."
  case $version in
    1[0-9].*) ;;
    *) lacks "The .NET SDK here is $version; 10 is needed (https://learn.microsoft.com/dotnet/core/install/linux)." ;;
  esac
}

# Names, sizes and times of all that is compiled: cheap, and a deleted file counts as a change too.
fingerprint() {
  (cd "$root" && find src Directory.Build.props Directory.Packages.props global.json BannedSymbols.txt .editorconfig \
    \( -name bin -o -name obj \) -prune -o -type f -printf '%p %s %T@\n' | LC_ALL=C sort; printf '%s\n' "$@" "$(dotnet --version)") | sha256sum
}

sees_nvidia_driver() {
  [ -e /proc/driver/nvidia/version ] || command -v nvidia-smi >/dev/null 2>&1
}

# Gpu where there is an NVIDIA driver and the package restores; decided once, said each time it is decided.
choose_flavour() {
  if [ -n "${BIS_FLAVOUR:-}" ]; then printf '%s' "$BIS_FLAVOUR"; return; fi
  local driver=none
  if sees_nvidia_driver; then driver=nvidia; fi
  if [ -f "$state/flavour" ] && [ "$(cut -d' ' -f1 "$state/flavour")" = "$driver" ]; then
    cut -d' ' -f2 "$state/flavour"; return
  fi
  local flavour=Cpu
  if [ $driver = none ]; then
    say "flavour: Cpu (no NVIDIA driver here)"
  elif dotnet restore "$root/src/BulkImplantScan.Cli" -p:OnnxRuntimeFlavor=Gpu -v quiet >"$state/gpu-restore.log" 2>&1; then
    flavour=Gpu
    say "flavour: Gpu (NVIDIA driver found)"
  else
    say "flavour: Cpu (NVIDIA driver found, but Microsoft.ML.OnnxRuntime.Gpu does not restore: see ${state#"$root"/}/gpu-restore.log)"
  fi
  printf '%s %s\n' "$driver" "$flavour" >"$state/flavour"
  printf '%s' "$flavour"
}

# The libraries that decode JPEG-LS in colour, JPEG 2000 and JPEG XL. Tried until they are there, where root and apt-get are; never a reason
# to stop: films that need a missing one get a row that says so, and doctor says what to install.
install_codecs() {
  local missing=() lacking=0 names name found
  if [ "$(uname -s)" != Linux ] || [ -f "$state/codecs" ] || [ -n "${BIS_NO_INSTALL:-}" ]; then return 0; fi
  # Where the loader has no cache (musl), there is no telling.
  names=$( (ldconfig -p || /sbin/ldconfig -p) 2>/dev/null) || return 0
  for name in libcharls.so.2=libcharls2 libopenjp2.so.7=libopenjp2-7 libjxl.so.0=libjxl0.7; do
    found=$(printf '%s' "$names" | grep -cF "${name%%=*}") || true
    if [ "$found" -eq 0 ]; then missing+=("${name#*=}"); fi
  done
  mkdir -p "$state"
  if [ ${#missing[@]} -gt 0 ]; then
    if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
      say "installing ${missing[*]} (codecs; BIS_NO_INSTALL=1 leaves the system alone) ..."
      DEBIAN_FRONTEND=noninteractive apt-get update >"$state/codecs.log" 2>&1 || true
      # One by one: a release without one should still get the others. The number in libjxl's name is the release's; any of these will do.
      for name in "${missing[@]}"; do
        if [ "$name" = libjxl0.7 ]; then
          name=$( (apt-cache pkgnames libjxl0. | grep -xE 'libjxl0\.([7-9]|1[01])' | LC_ALL=C sort -V | head -n 1) 2>/dev/null) || true
          name=${name:-libjxl0.7}
        fi
        if ! DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$name" >>"$state/codecs.log" 2>&1; then
          lacking=1
          say "$name was not installed (see ${state#"$root"/}/codecs.log): ./run.sh doctor says what it is for"
        fi
      done
    else
      lacking=1
      say "For JPEG-LS in colour, JPEG 2000 and JPEG XL films, install: ${missing[*]} (as root: apt-get install ${missing[*]})"
    fi
  fi
  if [ $lacking -eq 0 ]; then : >"$state/codecs"; fi
}

# build PROJECT-FOLDER: compiles when something changed since the last time.
build() {
  local name flavour stamp properties
  name=$(basename "$1")
  mkdir -p "$state"
  # Two commands started at once take turns, or they would write the same files.
  if command -v flock >/dev/null; then exec 9>"$state/lock"; flock 9; fi
  flavour=$(choose_flavour)
  properties=("-p:OnnxRuntimeFlavor=$flavour" "-p:UseFoDicom=${BIS_FO_DICOM:-false}")
  stamp=$(fingerprint "$name" "${properties[@]}")
  if [ "$(cat "$state/$name.stamp" 2>/dev/null)" != "$stamp" ]; then
    say "building $name ($flavour) ..."
    if ! dotnet build "$1" -c $configuration -v quiet "${properties[@]}" >"$state/$name.log" 2>&1; then
      cat "$state/$name.log" >&2
      if grep -qE 'NU1101|NU1102|NU1301|NU1103' "$state/$name.log"; then
        lacks "A NuGet package cannot be restored: check the network and the package sources (dotnet nuget list source)."
      fi
      say "The build failed."
      exit 1
    fi
    printf '%s\n' "$stamp" >"$state/$name.stamp"
  fi
  if command -v flock >/dev/null; then exec 9>&-; fi
}

# Builds everything, runs every test project, and adds up. Arguments go to the test programs (-class NAME, say).
run_tests() {
  local passed=0 failed=0 skipped=0 failures='' project name log line total f s
  mkdir -p "$state"
  dotnet build "$root/BulkImplantScan.sln" -c $configuration -v quiet -p:OnnxRuntimeFlavor="$(choose_flavour)" \
    "-p:UseFoDicom=${BIS_FO_DICOM:-false}" >&2 ||
    { say "The build failed."; echo "0 passed, 1 failed, 0 skipped"; exit 1; }
  build "$root/src/BulkImplantScan.Cli" # what the end-to-end tests start
  for project in "$root"/tests/*/*.csproj; do
    name=$(basename "$project" .csproj)
    log=$state/$name.test.log
    f=0
    "$root/tests/$name/bin/$configuration/net10.0/$name" -noColor "$@" 2>&1 | tee "$log" || f=1
    line=$(grep -E '^ +[A-Za-z.]+ +Total: [0-9]+, Errors: ' "$log" | tail -n 1)
    if [ -z "$line" ]; then
      say "$name did not finish: it crashed or did not start"
      failures+="$name did not finish; its last lines:"$'\n'"$(tail -n 15 "$log")"$'\n'
      failed=$((failed + 1))
      continue
    fi
    total=$(count "$line" Total) s=$(($(count "$line" Skipped) + $(count "$line" 'Not Run')))
    # A runner that complains without a failed test has failed all the same.
    if [ "$(($(count "$line" Failed) + $(count "$line" Errors)))" -gt 0 ]; then f=$(($(count "$line" Failed) + $(count "$line" Errors))); fi
    if [ "$f" -gt 0 ]; then failures+="$(grep -E -A 12 '\[FAIL\]' "$log" | cut -c 1-300 | sed -n 1,60p || true)"$'\n'; fi
    passed=$((passed + total - s - $(count "$line" Failed))) failed=$((failed + f)) skipped=$((skipped + s))
  done
  # What failed, once more at the end: who has only the tail of a long log still learns which test it was.
  if [ -n "$failures" ]; then printf '\nFailed:\n%s' "$failures"; fi
  echo "$passed passed, $failed failed, $skipped skipped"
  [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}

# count LINE NAME: the number behind "NAME: ".
count() { printf '%s' "$1" | sed -nE "s/.*$2: ([0-9]+).*/\\1/p"; }

require_dotnet
install_codecs
verb=${1:-demo}
case $verb in
  test)
    shift
    run_tests "$@"
    ;;
  train)
    shift
    build "$root/src/BulkImplantScan.Training"
    exec "$root/src/BulkImplantScan.Training/bin/$configuration/net10.0/bis-train" "$@"
    ;;
  *)
    [ $# -eq 0 ] || shift
    build "$root/src/BulkImplantScan.Cli"
    exec "$root/src/BulkImplantScan.Cli/bin/$configuration/net10.0/bis" "$verb" "$@"
    ;;
esac
