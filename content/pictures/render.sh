#!/bin/sh
# Renders the pictures of the shop. Needs povray 3.7 and python3 with Pillow.
#   render.sh [--all] [--draft DIR] [--jobs N] [PATTERN]
# Reads shots.txt: output | scene | width x height | declarations. Renders what is missing (--all: everything) and
# matches PATTERN; --draft writes small, coarse pictures into DIR instead.
set -eu
cd "$(dirname "$0")"
all=0 draft='' jobs=2 pattern='.'
while [ $# -gt 0 ]; do
  case $1 in
    --all) all=1 ;;
    --draft) draft=$2; shift ;;
    --jobs) jobs=$2; shift ;;
    *) pattern=$1 ;;
  esac
  shift
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
grep -v -e '^#' -e '^$' shots.txt | grep -e "$pattern" > "$work/shots" || { echo "no shot matches $pattern" >&2; exit 1; }

cat > "$work/one" <<'ONE'
IFS='|' read -r out scene size declares <<LINE
$1
LINE
width=${size%x*} height=${size#*x}
if [ -n "$draft" ]; then
  target=$draft/$(echo "$out" | tr / -) declares="$declares Draft=1"
  height=$((height * 300 / width)) width=300
else
  target=../$out
fi
[ "$all" = 1 ] || [ ! -f "$target" ] || exit 0
mkdir -p "$(dirname "$target")"
png=$work/$(echo "$out" | tr / -).png
options=''
for d in $declares; do options="$options Declare=$d"; done
if nice -n 19 povray "+Iscenes/$scene.pov" +L. "+W$width" "+H$height" "+O$png" -D +WT1 +A0.35 +R2 +AM2 $options > "$png.log" 2>&1; then
  python3 jpeg.py "$png" "$target" && echo "$out"
else
  echo "failed: $out" >&2; grep -A3 Error "$png.log" >&2
fi
rm -f "$png" "$png.log"
ONE
export all draft work
tr '\n' '\0' < "$work/shots" | xargs -0 -n 1 -P "$jobs" sh "$work/one"
