# The summary as a table in Markdown.
def figure: if . >= 1000 then round elif . >= 100 then (. * 10 | round) / 10 else (. * 100 | round) / 100 end | tostring;
def ratio: "**\(.median | figure)** (\(.min | figure)–\(.max | figure))";

"\(.rounds) rounds of \(.seconds) s a sample, \(.connections) connections\(if .lean then ", lean peers" else "" end), \(.machine), Java \(.java), Tick-Storm \(.tickstorm), \(.time).",
"",
"| workload | | Tick-Storm | HAProxy \(.haproxy) | nginx \(.nginx) | ratio to HAProxy (min–max) | ratio to nginx |",
"|---|---|---|---|---|---|---|",
(.measured[] | "| \(.workload) | \(.metric) | \(.median.tickstorm | figure) | \(.median.haproxy | figure) | \(.median.nginx | figure) | \(.ratio.haproxy | ratio) | \(.ratio.nginx | ratio) |")
