# The summary as a table in Markdown; a cell is empty where a peer does not do that.
def figure: if . >= 1000 then round elif . >= 100 then (. * 10 | round) / 10 else (. * 100 | round) / 100 end | tostring;
def figures: if . == null then "" else figure end;
def ratio: if . == null then "" else "**\(.median | figure)** (\(.min | figure)–\(.max | figure))" end;
def row: "| " + join(" | ") + " |";

. as $all
| {tickstorm: "Tick-Storm", haproxy: "HAProxy \(.haproxy)", nginx: "nginx \(.nginx)", envoy: "Envoy \(.envoy)", traefik: "Traefik \(.traefik)", go: "Go \(.go)"} as $titles
| (.proxies - ["tickstorm"]) as $peers
| "\(.rounds) rounds of \(.seconds) s a sample, \(.connections) connections\(if .lean then ", lean peers" else "" end), \(.machine), Java \(.java), Tick-Storm \(.tickstorm), \(.time).",
"",
(["workload", ""] + [.proxies[] | $titles[.]] + [$peers[] | "ratio to " + {haproxy: "HAProxy", nginx: "nginx", envoy: "Envoy", traefik: "Traefik", go: "Go"}[.] + (if . == $peers[0] then " (min–max)" else "" end)] | row),
([range(2 + (.proxies | length) + ($peers | length))] | map("---") | row),
(.measured[] | . as $m | [.workload, .metric] + [$all.proxies[] | $m.median[.] | figures] + [$peers[] | $m.ratio[.] | ratio] | row)
