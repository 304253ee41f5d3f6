#!/usr/bin/env bash
# The end-to-end benchmark: Plexus and nginx in front of the same simulator, in one run, on this machine. About ten minutes.
#
#   docs/benchmarks/run.sh [--save] [--quick]
#
# Needs nginx, wrk, taskset and two cores: the gateways run on GATEWAY_CPU (0), simulator and load on LOAD_CPU (1). nginx as a plain reverse proxy is the
# physical reference: what is compared is processor time for each request, which moves far less with the machine than requests per second.
# --save writes the table to docs/benchmarks/<date>-end-to-end.md; --quick takes shorter windows, whose figures are rough.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
GATEWAY_CPU=${GATEWAY_CPU:-0}
LOAD_CPU=${LOAD_CPU:-1}
SIM_PORT=${SIM_PORT:-19901} NGINX_PORT=${NGINX_PORT:-19941} PLEXUS_PORT=${PLEXUS_PORT:-19961}
save=no window=6 warm=8 warm_max=6 pairs=3 stream_seconds=45
for option in "$@"; do
    case $option in
        --save) save=yes ;;
        --quick) window=4 warm=5 warm_max=4 pairs=2 stream_seconds=40 ;;
        *) echo "unknown option $option" >&2; exit 2 ;;
    esac
done
for tool in nginx wrk taskset curl awk; do
    command -v "$tool" >/dev/null || { echo "the benchmark needs $tool" >&2; exit 1; }
done
ulimit -n 65535 2>/dev/null || ulimit -n "$(ulimit -Hn)"

work=$(mktemp -d)
pids=()
cleanup() {
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT

say() { printf '%s\n' "$*" >&2; }

# --- build, then start everything ----------------------------------------------------------------------------------------------------
say "building"
(cd "$root" && ./plexus --prepare >&2 && mvn -q -B test-compile dependency:build-classpath -Dmdep.outputFile="$work/classpath" >&2)
load_started=$(cut -d' ' -f1-3 /proc/loadavg)
java=$(for home in ${JAVA_HOME:-} /usr/lib/jvm/*; do grep -q 'JAVA_VERSION="2[5-9]' "$home/release" 2>/dev/null && echo "$home/bin/java"; done | tail -n 1)

cat > "$work/plexus.yaml" <<YAML
adminKey: bench
providers:
  sim:
    api_base_url: {chat: "http://127.0.0.1:$SIM_PORT/v1"}
    api_key: none
    disable_cooldown: true
    models:
      mock: {pricing: {source: simple, input: 1, output: 2, cached: 0.1}}
      mock-c50: {pricing: {source: simple, input: 1, output: 2, cached: 0.1}}
      mock-c100-d200-ts: {pricing: {source: simple, input: 1, output: 2, cached: 0.1}}
  foreign:
    api_base_url: {messages: "http://127.0.0.1:$SIM_PORT/v1"}
    api_key: none
    disable_cooldown: true
    models:
      mock: {pricing: {source: simple, input: 1, output: 2, cached: 0.1}}
      mock-c50: {pricing: {source: simple, input: 1, output: 2, cached: 0.1}}
      mock-c5: {pricing: {source: simple, input: 1, output: 2, cached: 0.1}}
models:
  mock: {targets: [{provider: sim, model: mock}]}
  mock-c50: {targets: [{provider: sim, model: mock-c50}]}
  mock-c100-d200-ts: {targets: [{provider: sim, model: mock-c100-d200-ts}]}
  translated: {targets: [{provider: foreign, model: mock}]}
  translated-c50: {targets: [{provider: foreign, model: mock-c50}]}
  translated-c5: {targets: [{provider: foreign, model: mock-c5}]}
keys:
  bench: {secret: sk-bench}
YAML

cat > "$work/nginx.conf" <<NGINX
worker_processes 1;
daemon off;
pid $work/nginx.pid;
error_log $work/nginx.log warn;
events { worker_connections 8192; }
http {
  access_log off;
  client_body_temp_path $work/body; proxy_temp_path $work/proxy; fastcgi_temp_path $work/f; uwsgi_temp_path $work/u; scgi_temp_path $work/s;
  client_max_body_size 50m;
  client_body_buffer_size 1m;
  keepalive_requests 10000000;
  upstream sim { server 127.0.0.1:$SIM_PORT; keepalive 2048; keepalive_requests 10000000; }
  server {
    listen 127.0.0.1:$NGINX_PORT;
    location / { proxy_pass http://sim; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off; proxy_read_timeout 300s; }
  }
}
NGINX

text=$(printf 'Summarise the following notes in three sentences, keeping every figure and every name as it stands. %.0s' {1..18})
lua() { # file, model, stream?, repetitions of the text
    local stream=
    [ "$3" = yes ] && stream='"stream":true,"stream_options":{"include_usage":true},'
    cat > "$work/$1" <<LUA
wrk.method = "POST"
wrk.headers["authorization"] = "Bearer sk-bench"
wrk.headers["content-type"] = "application/json"
wrk.body = '{"model":"$2",$stream"temperature":0.2,"max_tokens":512,"messages":[{"role":"system","content":"You are terse."},{"role":"user","content":"' .. string.rep("$text", $4) .. '"}]}'
LUA
}
lua chat.lua mock no 1
lua stream.lua mock-c50 yes 1
lua large.lua mock no 110
lua translated.lua translated no 1
lua translated-stream.lua translated-c50 yes 1

say "starting the simulator, nginx and Plexus"
cd "$work"
PLEXUS_NO_BUILD=1 taskset -c "$LOAD_CPU" "$root/plexus" simulate --port "$SIM_PORT" --host 127.0.0.1 > "$work/sim.txt" 2>&1 & pids+=($!)
taskset -c "$GATEWAY_CPU" nginx -p "$work" -c "$work/nginx.conf" & nginx=$!; pids+=($nginx)
start_plexus() {
    PLEXUS_NO_BUILD=1 LOG_LEVEL=${1:-warn} taskset -c "$GATEWAY_CPU" "$root/plexus" serve --config "$work/plexus.yaml" --host 127.0.0.1 --port "$PLEXUS_PORT" \
        > "$work/plexus.txt" 2>&1 & plexus=$!; pids+=($plexus)
}
first_200() { # milliseconds from now until a completion succeeds
    local begin
    begin=$(date +%s%N)
    until [ "$(taskset -c "$LOAD_CPU" curl -s -o /dev/null -w '%{http_code}' -m 2 "http://127.0.0.1:$PLEXUS_PORT/v1/chat/completions" -H 'Authorization: Bearer sk-bench' \
        -H 'Content-Type: application/json' -d '{"model":"mock","messages":[{"role":"user","content":"hi"}]}')" = 200 ]; do
        sleep 0.01
        [ $(($(date +%s%N) - begin)) -lt 30000000000 ] || { say "Plexus does not answer:"; cat "$work/plexus.txt" >&2; exit 1; }
    done
    echo $((($(date +%s%N) - begin) / 1000000))
}
until curl -s -m 1 -o /dev/null "http://127.0.0.1:$SIM_PORT/__stats"; do :; done
start_plexus warn; first_200 > /dev/null; kill "$plexus"; wait "$plexus" 2>/dev/null || true
start_plexus warn; started=$(first_200)
sleep 5
rss() { awk '/VmRSS/ {printf "%d", $2 / 1024}' "/proc/$1/status"; }
idle_rss=$(rss "$plexus")
worker=$(pgrep -P "$nginx" | head -n 1)

# --- measuring ------------------------------------------------------------------------------------------------------------------------
hz=$(getconf CLK_TCK)
ticks() { sed 's/.*) //' "/proc/$1/stat" | awk '{print $12 + $13}'; }
# one window of a closed loop with 32 connections: processor microseconds for each answer
cost() { # pid, port, script, seconds
    local before after answers
    before=$(ticks "$1")
    answers=$(taskset -c "$LOAD_CPU" wrk -t1 -c32 -d"$4"s --timeout 20s -s "$work/$3" "http://127.0.0.1:$2/v1/chat/completions" | awk '/requests in/ {print $1}')
    after=$(ticks "$1")
    awk -v t=$((after - before)) -v hz="$hz" -v n="$answers" 'BEGIN {printf "%.2f\n", t * 1000000 / hz / n}'
}
median() { sort -n | awk '{v[NR] = $1} END {print (NR % 2) ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2}'; }
# warms Plexus until two windows in a row cost about the same, then measures it in turn with nginx, or with itself under another script;
# sets OURS, THEIRS and RATIO
compare() { # script [other script of our own]
    local last=0 now round ours=() theirs=() ratios=() beside=$worker port=$NGINX_PORT script=$1 name=nginx
    if [ $# -gt 1 ]; then beside=$plexus port=$PLEXUS_PORT script=$2 name=passed; cost "$plexus" "$PLEXUS_PORT" "$2" "$warm" > /dev/null; fi
    for ((round = 0; round < warm_max; round++)); do
        now=$(cost "$plexus" "$PLEXUS_PORT" "$1" "$warm")
        say "  warm-up: $now us"
        awk -v a="$last" -v b="$now" 'BEGIN {exit !(a > 0 && b > a * 0.97)}' && [ "$round" -ge 3 ] && break
        last=$now
    done
    for ((round = 0; round < pairs; round++)); do
        ours+=("$(cost "$plexus" "$PLEXUS_PORT" "$1" "$window")")
        theirs+=("$(cost "$beside" "$port" "$script" "$window")")
        ratios+=("$(awk -v a="${ours[-1]}" -v b="${theirs[-1]}" 'BEGIN {printf "%.3f", a / b}')")
        say "  Plexus ${ours[-1]} us, $name ${theirs[-1]} us, ratio ${ratios[-1]}"
    done
    OURS=$(printf '%s\n' "${ours[@]}" | median) THEIRS=$(printf '%s\n' "${theirs[@]}" | median) RATIO=$(printf '%s\n' "${ratios[@]}" | median)
}
generate() { # words of Load
    taskset -c "$LOAD_CPU" "$java" -Xms128m -XX:+UseSerialGC -Dio.netty.allocator.type=pooled --enable-native-access=ALL-UNNAMED \
        --sun-misc-unsafe-memory-access=allow -cp "$root/target/test-classes:$root/target/classes:$(cat "$work/classpath")" dev.plexus.bench.Load "$@" 2>>"$work/load.txt"
}
value() { sed "s/.*\b$2=\([^ ]*\).*/\1/" <<< "$1"; }
verdict() { awk -v v="$1" -v limit="$2" -v unit="$3" 'BEGIN {if (v <= limit) print "met"; else printf "missed by %.2f%s\n", v - limit, unit}'; }
rows=()
row() { rows+=("| $1 | $2 | $3 | $4 | $5 |"); say "$1: $2 ($3), $5"; }

say "chat, 2 KB, whole"
compare chat.lua
row "chat pass-through, 2 KB body" "$OURS us" "nginx $THEIRS us, ratio $RATIO" "at most 2.2 x" "$(verdict "$RATIO" 2.2 " x")"
say "chat, stream of 50 chunks"
compare stream.lua
row "stream of 50 chunks, for each chunk" "$(awk -v v="$OURS" 'BEGIN {printf "%.2f", v / 50}') us" \
    "nginx $(awk -v v="$THEIRS" 'BEGIN {printf "%.2f", v / 50}') us, ratio $RATIO" "at most 1.9 x" "$(verdict "$RATIO" 1.9 " x")"
say "chat, 200 KB, whole"
compare large.lua
row "200 KB body" "$OURS us" "nginx $THEIRS us, ratio $RATIO" "at most 3.5 x" "$(verdict "$RATIO" 3.5 " x")"

say "chat client, messages provider, 2 KB, whole"
compare translated.lua chat.lua
row "chat client to messages provider, 2 KB body" "$OURS us" "passed through $THEIRS us, ratio $RATIO" "at most 1.6 x" "$(verdict "$RATIO" 1.6 " x")"
say "chat client, messages provider, stream of 50 chunks"
compare translated-stream.lua stream.lua
row "translated stream of 50 chunks, for each chunk" "$(awk -v v="$OURS" 'BEGIN {printf "%.2f", v / 50}') us" \
    "passed through $(awk -v v="$THEIRS" 'BEGIN {printf "%.2f", v / 50}') us, ratio $RATIO" "at most 1.3 x" "$(verdict "$RATIO" 1.3 " x")"

say "first bytes of translated streams at 200/s"
direct=$(generate first "http://127.0.0.1:$SIM_PORT/v1/chat/completions" mock-c5 sk-bench 200 10)
through=$(generate first "http://127.0.0.1:$PLEXUS_PORT/v1/chat/completions" translated-c5 sk-bench 200 10)
added=$(awk -v a="$(value "$through" p50)" -v b="$(value "$direct" p50)" 'BEGIN {printf "%.2f", (a - b) / 1000}')
row "added time to first byte of a translated stream, p50" "$added ms" "$(value "$through" p50) us through, $(value "$direct" p50) us direct" "at most 0.5 ms" "$(verdict "$added" 0.5 " ms")"

say "latency at 1,000 requests/s"
direct=$(generate rate "http://127.0.0.1:$SIM_PORT/v1/chat/completions" mock sk-bench 1000 12)
through=$(generate rate "http://127.0.0.1:$PLEXUS_PORT/v1/chat/completions" mock sk-bench 1000 12)
added50=$(awk -v a="$(value "$through" p50)" -v b="$(value "$direct" p50)" 'BEGIN {printf "%.2f", (a - b) / 1000}')
added99=$(awk -v a="$(value "$through" p99)" -v b="$(value "$direct" p99)" 'BEGIN {printf "%.2f", (a - b) / 1000}')
row "added latency at 1,000/s, p50" "$added50 ms" "$(value "$through" p50) us through, $(value "$direct" p50) us direct" "at most 0.3 ms" "$(verdict "$added50" 0.3 " ms")"
row "added latency at 1,000/s, p99" "$added99 ms" "$(value "$through" p99) us through, $(value "$direct" p99) us direct" "at most 1.5 ms" "$(verdict "$added99" 1.5 " ms")"

say "1,000 slow streams at once"
kill "$plexus"; wait "$plexus" 2>/dev/null || true; rm -rf "$work/data"
start_plexus warn; first_200 > /dev/null
direct=$(generate streams "http://127.0.0.1:$SIM_PORT/v1/chat/completions" mock-c100-d200-ts sk-bench 1000 "$stream_seconds")
(peak=0; while kill -0 "$plexus" 2>/dev/null; do now=$(rss "$plexus"); [ "$now" -gt "$peak" ] && peak=$now && echo "$peak" > "$work/peak"; sleep 0.5; done) 2>/dev/null & pids+=($!)
through=$(generate streams "http://127.0.0.1:$PLEXUS_PORT/v1/chat/completions" mock-c100-d200-ts sk-bench 1000 "$stream_seconds")
delay=$(awk -v a="$(value "$through" p99)" -v b="$(value "$direct" p99)" 'BEGIN {printf "%.2f", (a - b) / 1000}')
row "1,000 slow streams: resident memory" "$(cat "$work/peak") MB" "all finished: $(value "$through" finished), $(value "$through" failed) failed, $(value "$through" samples) chunks" "under 300 MB" "$(verdict "$(cat "$work/peak")" 300 " MB")"
row "1,000 slow streams: p99 added delay of a chunk" "$delay ms" "$(value "$through" p99) us through, $(value "$direct" p99) us direct" "under 5 ms" "$(verdict "$delay" 5 " ms")"
row "start to first 200, second start" "$started ms" "one core" "at most 1,200 ms" "$(verdict "$started" 1200 " ms")"
row "resident memory, idle" "$idle_rss MB" "5 s after the first answer" "under 150 MB" "$(verdict "$idle_rss" 150 " MB")"

report() {
    echo "# End to end: what a request costs, against nginx"
    echo
    echo "Question: how much processor, time and memory does Plexus add to a request that it passes through, in every part that production uses (key, routing,"
    echo "usage journal and SQLite)? nginx as a plain reverse proxy, without any of that, is the physical reference."
    echo
    echo "- Command: \`docs/benchmarks/run.sh $*\`, commit $(git -C "$root" rev-parse --short HEAD)"
    echo "- Machine: $(sed -n 's/model name.*: //p' /proc/cpuinfo | head -n 1), $(nproc) cores, $(awk '/MemTotal/ {printf "%d", $2 / 1048576}' /proc/meminfo) GiB, Linux $(uname -r)"
    echo "- $("$java" -version 2>&1 | sed -n 2p), $(nginx -v 2>&1), gateways on one core, simulator and load on the other; load average before: $load_started"
    echo "- Medians of $pairs pairs of $window s windows in turn after a warm-up; ratios are medians of the pairs' ratios. LOG_LEVEL=warn, as nginx has its access log off."
    echo
    echo "| case | Plexus | beside it | aim | |"
    echo "|---|---|---|---|---|"
    printf '%s\n' "${rows[@]}"
}
if [ "$save" = yes ]; then
    file=$here/$(date +%F)-end-to-end.md
    report "$@" > "$file"
    say "written to $file"
fi
report "$@"
