# Sourced by run and hang: starts Tick-Storm and its peers on free ports of loopback, counts what they use, and ends what it started.
# Expects $here, the folder of this file. An instance is the name of a program, or that with an ending, such as haproxy.fresh.
repo=$(dirname "$here")
launcher=${TICKSTORM:-$repo/cli/target/tickstorm/bin/tickstorm}
lean=false
check=/128 # what active checks ask for
declare -A pid port program # the programs of the peers that are not in $root
declare -a command

fail() { echo "bench: $*" >&2; exit 1; }

prepare() { # what is needed, a folder that the peers see too, and an end to all of it
  local tool
  for tool in jq curl openssl; do command -v $tool >/dev/null || fail "$tool is missing (install the package of that name)"; done
  [ -x "$launcher" ] || fail "$launcher is missing (run: make dist)"
  . "$repo/.mvn/find-jdk.sh"
  find_jdk 25
  root=$("$here/peers/root")
  run=/run/tickstorm-bench.$$
  mkdir -p "$root$run/www"
  trap stop_all EXIT
  trap 'exit 130' INT TERM
  image="$repo/target/image"
  if [ ! -f "$image/proxy.unpacked" ] || [ "$launcher" -nt "$image/proxy.unpacked" ]; then
    "$repo/image/build" --unpacked proxy
    touch "$image/proxy.unpacked"
  fi
  sed "s,/opt/tickstorm/,$image/proxy/opt/tickstorm/,g" "$image/proxy/opt/tickstorm/java.args" >"$root$run/java.args"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=localhost \
    -keyout "$root$run/key.pem" -out "$root$run/certificate.pem" 2>/dev/null
  cat "$root$run/certificate.pem" "$root$run/key.pem" >"$root$run/both.pem"
  for tool in envoy traefik; do program[$tool]=$("$here/peers/$tool") || unset "program[$tool]"; done # it says itself why it is skipped
  chmod 755 "$root$run" "$root$run/www"
}

answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
free_port() { # one that nobody has been given yet, below the range that the kernel takes for outgoing connections
  local candidate
  while candidate=$((RANDOM % 12000 + 20000)); [[ " ${port[*]} " == *" $candidate "* ]] || answers $candidate; do :; done
  echo $candidate
}
render() { # $1: instance; finds its ports and writes its configuration
  local kind name=${1%%.*} file script=()
  for kind in http tls tcp ping health admin metrics; do port[$1.$kind]=$(free_port); done
  for kind in http tls tcp ping health admin metrics; do script+=(-e "s,@${kind^^}@,${port[$1.$kind]},g"); done
  if $lean; then script+=(-e '/# headers$/d'); else script+=(-e '/# lean$/d'); fi
  mkdir -p "$root$run/$1"
  for file in "$here/peers/$name".*; do
    sed "${script[@]}" -e "s,@ORIGIN@,${port[origin.http]},g; s,@ECHO@,${port[echo.tcp]:-1},g; s,@DIR@,$run/$1,g; s,@RUN@,$run,g; s,@ROOT@,$root,g; s,@CHECK@,$check,g" "$file" >"$root$run/$1/${file##*/}"
  done
  case $name in
    tickstorm) # the heap that the image's flags come to in a container of 256 MiB, which is what the operator gives a proxy
      command=(env -u TICKSTORM_JAVA_OPTS MALLOC_ARENA_MAX=2 JDK_JAVA_OPTIONS="-Xms13m -Xmx90m -Djava.library.path=$image/proxy/opt/tickstorm/native ${TICKSTORM_JAVA_OPTS:-}"
      "$image/runtime/opt/tickstorm/runtime/bin/java" "@$root$run/java.args" --config "$root$run/$1/tickstorm.yaml") ;;
    haproxy) command=(chroot "$root" haproxy -db -f "$run/$1/haproxy.cfg") ;;
    nginx | origin) command=(chroot "$root" nginx -c "$run/$1/$name.conf") ;;
    envoy) command=("${program[envoy]}" --concurrency 2 --disable-hot-restart --log-level warning --config-path "$root$run/$1/envoy.yaml") ;;
    traefik | go) mapfile -t command < <(echo "${program[$name]}"; cat "$root$run/$1/$name.args") ;;
  esac
}
start() { # $1: instance; the rest: the program, which stays in the foreground; that of `render` by default
  local name=$1
  shift
  [ $# -gt 0 ] || set -- "${command[@]}"
  "$@" </dev/null >"$root$run/$name.log" 2>&1 &
  pid[$name]=$!
}
await() { # $1: instance; $2: what it is asked for
  for _ in $(seq 100); do
    kill -0 "${pid[$1]}" 2>/dev/null || { cat "$root$run/$1.log" >&2; fail "$1 ended"; }
    [ "$(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:${port[$1.http]}/$2")" = 200 ] && return
    sleep 0.1
  done
  cat "$root$run/$1.log" >&2
  fail "$1 does not answer on 127.0.0.1:${port[$1.http]}"
}
stop() { # the instances $*
  local name
  for name; do kill -CONT "${pid[$name]}" 2>/dev/null || true; kill "${pid[$name]}" 2>/dev/null || true; done
  for name; do
    for _ in $(seq 100); do kill -0 "${pid[$name]}" 2>/dev/null || break; sleep 0.1; done
    kill -9 "${pid[$name]}" 2>/dev/null || true
    unset "pid[$name]"
  done
}
stop_all() {
  trap - EXIT INT TERM
  stop "${!pid[@]}"
  rm -rf "${root:?}$run"
}

tree() { # process $1 and its descendants
  echo "$1"
  local child
  for child in $(cat /proc/"$1"/task/*/children 2>/dev/null); do tree "$child"; done
}
cpu_micros() { # user and system time that the tree of process $1 has used
  local member
  for member in $(tree "$1"); do cat "/proc/$member/stat"; done |
    awk -v tick="$(getconf CLK_TCK)" '{ sub(/.*\) /, ""); ticks += $12 + $13 } END { printf "%.0f", ticks * 1e6 / tick }'
}
memory() { # KiB of the tree of process $1, shared pages counted by their share
  local member
  for member in $(tree "$1"); do cat "/proc/$member/smaps_rollup"; done | awk '/^Pss:/ { kib += $2 } END { print kib }'
}
