# Samples to medians, and to the ratios of Tick-Storm to each peer taken round by round: what disturbs a whole round does not disturb its ratio.
def median: sort | if length % 2 == 1 then .[length / 2 | floor] else (.[length / 2 - 1] + .[length / 2]) / 2 end;
def of($proxy): map(select(.proxy == $proxy)) | sort_by(.round) | map(.value);

. as $samples
| (["tickstorm", "haproxy", "nginx", "envoy", "traefik", "go"] | map(select(. as $p | any($samples[]; .proxy == $p)))) as $proxies
| $run[0] + {
    proxies: $proxies,
    measured: [
      reduce .[] as $s ([]; if any(.[]; .workload == $s.workload and .metric == $s.metric) then . else . + [$s | {workload, metric}] end)
      | .[] | . as $what
      | ($samples | map(select(.workload == $what.workload and .metric == $what.metric))) as $of
      | ($of | of("tickstorm")) as $ours
      | ($proxies | map(select(. as $p | any($of[]; .proxy == $p)))) as $measured
      | $what + {
          median: (reduce $measured[] as $p ({}; .[$p] = ($of | of($p) | median))),
          ratio: (reduce ($measured - ["tickstorm"])[] as $p ({}; .[$p] = ([$ours, ($of | of($p))] | transpose | map(select(.[1] > 0) | .[0] / .[1]) | select(length > 0) | {median: median, min: min, max: max})))
        }
    ]
  }
