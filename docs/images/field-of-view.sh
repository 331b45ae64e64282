#!/usr/bin/env bash
# Makes field-of-view.png: phantoms with the field of view that is found framed (`inspect --field-png`). Needs ImageMagick.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
./run.sh phantom --count 48 --out "$folder/films" --seed 31 --long-side 1400
number=0
while read -r film; do
  number=$((number + 1))
  ./run.sh inspect "$film" --field-png "$(printf '%s/%02d.png' "$folder" $number)" >"$folder/line"
  # Films with a border, six of them.
  grep -q ' field ' "$folder/line" || rm "$(printf '%s/%02d.png' "$folder" $number)"
done < <(find "$folder/films/films" -type f | LC_ALL=C sort)
films=("$folder"/[0-9]*.png)
montage "${films[@]:0:6}" -tile 6x1 -geometry 230x230+3+3 -background '#303030' miff:- | convert - +dither -colors 64 png8:docs/images/field-of-view.png
