# Sourced by run: one sample of each kind of load, on one proxy. The first argument is the proxy; the one under load is counted.
record() { jq -nc --argjson round "$round" --arg proxy "$1" --arg workload "$2" --arg metric "$3" --argjson value "$4" '$ARGS.named' >>"$results.jsonl"; }
wire() { "$JAVA_HOME/bin/java" -XX:+UseSerialGC -cp "$root$run" Wire "$@"; }
ratio() { jq -n "($1) / ($2)"; }
generate() { # $1: seconds; $2: URL; the rest: options
  local duration=$1 url=$2
  shift 2
  chroot "$root" wrk -t 2 -c "$connections" -d "$duration" -s "$run/wrk.lua" "$@" "$url" | tail -n 1
}

closed_loop() { # $2: workload; $3: scheme; $4: bytes of an answer; the rest: options of wrk
  local proxy=$1 workload=$2 kind=tls before after counted failed
  [ "$3" = https ] || kind=http
  local url="$3://127.0.0.1:${port[$proxy.$kind]}/$4"
  shift 4
  before=$(cpu_micros "${pid[$proxy]}")
  counted=$(generate "$seconds" "$url" "$@")
  after=$(cpu_micros "${pid[$proxy]}")
  failed=$(jq .failed <<<"$counted")
  [ "$failed" = 0 ] || fail "$proxy, $workload: $failed requests failed"
  record "$proxy" "$workload" "CPU µs per request" "$(ratio "$after - $before" "$(jq .requests <<<"$counted")")"
  record "$proxy" "$workload" "requests per second" "$(jq '.requests * 1e6 / .micros' <<<"$counted")"
}

http2() { # $2: workload; $3: scheme; $4: bytes of an answer. Streams in parallel on few connections, as browsers and gRPC clients do.
  local kind=tls before after counted
  [ "$3" = https ] || kind=http
  before=$(cpu_micros "${pid[$1]}")
  counted=$(chroot "$root" h2load -t 2 -c 8 -m 8 -D "$seconds" "$3://127.0.0.1:${port[$1.$kind]}/$4" |
    sed -n 's/^requests: \([0-9]*\) total, .* \([0-9]*\) succeeded, \([0-9]*\) failed, \([0-9]*\) errored.*/{"total":\1,"succeeded":\2,"failed":\3}/p')
  after=$(cpu_micros "${pid[$1]}")
  [ "$(jq '.succeeded > 0 and .failed == 0' <<<"$counted")" = true ] || fail "$1, $2: $counted"
  record "$1" "$2" "CPU µs per request" "$(ratio "$after - $before" "$(jq .succeeded <<<"$counted")")"
  record "$1" "$2" "requests per second" "$(jq ".succeeded / $seconds" <<<"$counted")"
}

settled() { jq "[.seconds[$settling:][].latencyMs.$1 * 1000] | sort | .[length / 2 | floor]"; } # the median second
open_loop() { # $2: bytes of an answer
  local before after counted workload="$2 B at $rate/s"
  before=$(cpu_micros "${pid[$1]}")
  counted=$("$launcher" load "http://127.0.0.1:${port[$1.http]}/$2" --rate "$rate" --duration "$((settling + seconds))s" --connections "$connections" --post-share 0 -o json)
  after=$(cpu_micros "${pid[$1]}")
  [ "$(jq .failed <<<"$counted")" = 0 ] || fail "$1, $workload: $(jq -c .failures <<<"$counted")"
  record "$1" "$workload" "CPU µs per request" "$(ratio "$after - $before" "$(jq .sent <<<"$counted")")"
  record "$1" "$workload" "p50 µs" "$(settled p50 <<<"$counted")"
  record "$1" "$workload" "p99 µs" "$(settled p99 <<<"$counted")"
}

ping_pong() {
  local before after counted
  before=$(cpu_micros "${pid[$1]}")
  counted=$(wire pingpong "${port[$1.ping]}" 16 "$seconds")
  after=$(cpu_micros "${pid[$1]}")
  record "$1" "TCP, 64 B to and fro" "CPU µs each" "$(ratio "$after - $before" "$counted")"
  record "$1" "TCP, 64 B to and fro" "per second" "$(ratio "$counted" "$seconds")"
}
bulk() { # one file of a gibibyte
  local before after took
  before=$(cpu_micros "${pid[$1]}")
  took=$(curl -sf -o /dev/null -w '%{time_total}' "http://127.0.0.1:${port[$1.tcp]}/bulk") || fail "$1, bulk: curl ended with $?"
  after=$(cpu_micros "${pid[$1]}")
  record "$1" "TCP bulk" "CPU ms per GiB" "$(ratio "$after - $before" 1000)"
  record "$1" "TCP bulk" "MiB per second" "$(ratio 1024 "$took")"
}

idle() { # $2: http or tcp; $3: how many connections, of which each has one request
  local instance="$1.fresh" before
  # What a JVM gives back between the two readings would be counted in favour of its connections.
  TICKSTORM_JAVA_OPTS="${TICKSTORM_JAVA_OPTS:-} -XX:TrimNativeHeapInterval=0" render "$instance"
  start "$instance"
  await "$instance" 128
  sleep 1
  [ "$2" = tcp ] || record "$1" "idle" "memory KiB (PSS)" "$(memory "${pid[$instance]}")"
  # Code and buffers for work of any kind are in place before connections are counted.
  connections=16 generate "$seconds" "http://127.0.0.1:${port[$instance.$2]}/128" >/dev/null
  sleep 1
  before=$(memory "${pid[$instance]}")
  coproc HOLDER { wire idle "${port[$instance.$2]}" "$3"; }
  read -r -u "${HOLDER[0]}" _ || fail "$1: not all of $3 idle connections could be opened"
  record "$1" "idle" "KiB per ${2^^} connection" "$(ratio "$(memory "${pid[$instance]}") - $before" "$3")"
  exec {HOLDER[1]}>&-
  wait "$HOLDER_PID"
  stop "$instance"
}

starting() {
  local fresh="$1.fresh" took process
  render "$fresh"
  read -r took process < <(wire start "${port[$fresh.http]}" "${command[@]}") || fail "$1 did not start"
  pid[$fresh]=$process
  record "$1" "start" "CPU ms to the first 200" "$(ratio "$(cpu_micros "$process")" 1000)"
  record "$1" "start" "ms to the first 200" "$(ratio "$took" 1000)"
  stop "$fresh"
}
