#!/usr/bin/env bash
# All checks that need a GPU, in one go: builds, runs GpuIT, measures models in both precisions, and several images in one
# batch and on several threads.
#
#     src/test/gpu/run.sh [FOLDER]
#
# Writes into FOLDER, else $OUT, else target/gpu: one log for each step and summary.txt, a line for each. Exits 0 if all
# passed, 1 if one failed, 2 if there is no GPU or DJL finds no PyTorch with CUDA (docs/operations.md, "On a GPU").
set -uo pipefail
cd "$(dirname "$0")/../../.." || exit 1
out=${1:-${OUT:-target/gpu}}
mkdir -p "$out" || exit 1
out=$(cd "$out" && pwd)
summary=$out/summary.txt
: > "$summary"

say() { echo "$*" | tee -a "$summary"; }

if ! gpu=$(nvidia-smi --query-gpu=name,driver_version --format=csv,noheader 2> "$out/nvidia-smi.log"); then
  say "no GPU: nvidia-smi does not find one. Run this on a machine with an NVIDIA GPU and its driver."
  exit 2
fi
say "GPU: $gpu"

export NVIDIA_TF32_OVERRIDE=0 # as ./m2ib sets it: convolutions as exact as on a CPU
failed=0

# step NAME COMMAND...: runs it, its output in NAME.log
step() {
  local name=$1 start=$SECONDS
  shift
  if "$@" > "$out/$name.log" 2>&1; then
    say "passed: $name, $((SECONDS - start)) s"
  else
    say "FAILED: $name, $((SECONDS - start)) s; see $out/$name.log"
    failed=1
    return 1
  fi
}

step build mvn -B -ntp package -DskipTests -Dspotless.check.skip || exit 1
jar=target/quarkus-app/quarkus-run.jar

# a short run first: it says in one line what DJL lacks
if ! step device java -jar "$jar" benchmark --model b32 --device gpu --repeat 1 --sentences 1; then
  grep -m 1 -e "--device gpu" "$out/device.log" | tee -a "$summary"
  say "DJL does not use the GPU: docs/operations.md says how it gets a PyTorch with CUDA."
  exit 2
fi
step GpuIT mvn -B -ntp verify -Dit.test=GpuIT -Dtest=NONE -Dsurefire.failIfNoSpecifiedTests=false -Dspotless.check.skip
if grep -qE "Skipped: [1-9]" "$out/GpuIT.log"; then
  say "FAILED: GpuIT was skipped in part; see $out/GpuIT.log"
  failed=1
fi
step benchmark java -jar "$jar" benchmark --model b32,b16 --device gpu --repeat 5 --sentences 10
step precisions java -jar "$jar" benchmark --model b32,b16,l14 --device gpu --repeat 5 --precisions
grep -h "^| " "$out/precisions.log" | tee -a "$summary"
# two images of one sentence, a study of four with five each, and more than a GPU is idle for
for shape in "2 1" "4 5" "8 5"; do
  read -r images sentences <<< "$shape"
  step "images-$images-$sentences" java -jar "$jar" benchmark --model b32,b16 --device gpu --repeat 5 \
    --images "$images" --sentences "$sentences"
  grep -h "^| " "$out/images-$images-$sentences.log" | tee -a "$summary"
done
[ "$failed" = 0 ] && say "all passed"
exit "$failed"
