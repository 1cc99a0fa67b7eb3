package io.tickstorm.cli.importing.haproxy;

import static io.tickstorm.cli.importing.draft.Rule.carried;
import static io.tickstorm.cli.importing.draft.Rule.differs;
import static io.tickstorm.cli.importing.draft.Rule.lost;
import static io.tickstorm.cli.importing.draft.Rule.unneeded;

import io.tickstorm.cli.importing.draft.Pool;
import io.tickstorm.cli.importing.draft.Rule;
import io.tickstorm.cli.importing.draft.Said;
import io.tickstorm.cli.importing.draft.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Who gets the next request, who gets it back, and who gets it next if that fails. */
final class BalanceRules {
    private static final Pattern HEADER = Pattern.compile("(?:hdr|req\\.hdr)\\(([^),]+)\\).*");
    private static final Pattern COOKIE = Pattern.compile("(?:cookie|cook|req\\.cook)\\(([^),]+)\\).*");

    private BalanceRules() {}

    static List<Rule<Proxied>> rules() {
        return List.of(
                carried("balance", "backends[].balancing.policy", onPool(BalanceRules::balance)),
                differs("hash-type", "the hash policies are consistent", onPool((said, pool) -> {
                    if (said.word(1).equals("consistent")) {
                        said.carried("hash policies are consistent");
                    } else {
                        said.differs("hash policies are consistent: few clients move when servers come and go");
                    }
                })),
                carried(
                        "hash-balance-factor",
                        "backends[].balancing.hash.balanceFactor",
                        onPool((said, pool) -> Values.number(said, 1)
                                .filter(factor -> factor > 0)
                                .ifPresent(
                                        factor -> pool.settings().put("balancing.hash.balanceFactor", factor, said)))),
                differs("cookie", "backends[].stickiness: type Cookie", onPool(BalanceRules::cookie)),
                carried("stick on", "backends[].stickiness: type SourceIp", onPool(BalanceRules::stick)),
                carried("stick match", "backends[].stickiness: type SourceIp", onPool(BalanceRules::stick)),
                carried("stick store-request", "backends[].stickiness: type SourceIp", onPool(BalanceRules::stick)),
                lost("stick store-response", "clients are known by their address or by our cookie"),
                differs(
                        "retries",
                        "backends[].retries.attempts",
                        onPool((said, pool) -> Values.number(said, 1)
                                .ifPresent(attempts -> pool.settings()
                                        .put(
                                                "retries.attempts",
                                                attempts,
                                                said,
                                                "at once elsewhere, not at the same server first")))),
                differs("retry-on", "backends[].retries.statuses", onPool(BalanceRules::retryOn)),
                unneeded("option redispatch", "retries go to another endpoint"),
                unneeded("option allbackups", "all that stand by share the work"),
                lost("option persist", "an endpoint that is out gets no work"),
                unneeded("option prefer-last-server", "connections to servers are kept and shared"),
                unneeded("option abortonclose", "requests of clients that are gone are given up"),
                unneeded("fullconn", "limits do not move with the load"),
                lost("use-server", "a backend of its own and a route come nearest"),
                unneeded("http-reuse", "connections to servers are shared, and unsafe requests go on fresh ones"),
                unneeded("load-server-state-from-file", "a reload keeps what is known of each endpoint"),
                lost("source", "the kernel chooses the address"),
                lost("dispatch", "name the server"),
                unneeded("max-keep-alive-queue", "connections to servers are kept and shared"));
    }

    private interface OnPool {
        void apply(Said said, Pool pool);
    }

    private static Rule.Translation<Proxied> onPool(OnPool action) {
        return (said, proxied) -> proxied.onPool(pool -> action.apply(said, pool));
    }

    private static void balance(Said said, Pool pool) {
        var settings = pool.settings();
        var by = said.words().size() > 2 && said.word(1).equals("hash") ? said.word(2) : said.word(1);
        var header = HEADER.matcher(by);
        var cookie = COOKIE.matcher(by);
        switch (by.replaceAll("\\(.*", "")) {
            case "roundrobin", "static-rr" -> settings.put("balancing.policy", "RoundRobin", said);
            case "leastconn" -> settings.put("balancing.policy", "LeastConnections", said);
            case "source", "src" -> settings.put("balancing.policy", "SourceIpHash", said);
            case "random" ->
                settings.put("balancing.policy", by.equals("random(1)") ? "Random" : "PowerOfTwoChoices", said);
            case "hdr", "req.hdr" -> {
                if (header.matches()) {
                    pool.hash(said, "Header", header.group(1));
                }
            }
            case "cookie", "cook", "req.cook" -> {
                if (cookie.matches()) {
                    pool.hash(said, "Cookie", cookie.group(1));
                }
            }
            default -> {
                settings.put("balancing.policy", "LeastConnections");
                said.lost(by + ": policies hash a client's address, a header or a cookie; LeastConnections is written");
            }
        }
    }

    private static void cookie(Said said, Pool pool) {
        var words = said.words();
        var stickiness = pool.cookie(said, said.word(1), words.contains("secure"));
        if (words.contains("rewrite") || words.contains("prefix")) {
            said.differs("the proxy's own cookie, beside the server's");
        }
        said.after("maxlife")
                .flatMap(Times::parse)
                .ifPresent(age -> stickiness.put("maxAge", age, said, "from the first answer on"));
        if (words.contains("domain")) {
            said.lost("domain: the cookie is for the host that was asked");
        }
        if (words.contains("maxidle")) {
            said.lost("maxidle: the cookie's age counts from its beginning (maxAge)");
        }
        if (words.contains("dynamic") || words.contains("preserve")) {
            said.differs("servers do not set this cookie");
        }
    }

    static void stickTable(Said said, Proxied proxied) {
        boolean counts = said.after("store").isPresent();
        var size = said.after("size").flatMap(Values::size);
        if (counts) {
            proxied.onEntrances(
                    entrance -> size.ifPresent(clients -> entrance.settings().put("clients.tracked", clients, said)));
            said.differs(
                    "listeners[].clients counts by address; what is stored and not compared with a limit is not counted");
        }
        if (!said.after("type").map(type -> type.startsWith("ip")).orElse(false)) {
            said.lost("clients are told apart by address");
        }
        // what it says of stickiness waits for a stick on
        boolean sticks =
                proxied.section().all().stream().anyMatch(other -> other.name().equals("stick"));
        if (sticks) {
            proxied.onPool(pool -> {
                size.ifPresent(addresses -> pool.settings().put("stickiness.size", addresses, said));
                said.after("expire")
                        .flatMap(Times::parse)
                        .ifPresent(time -> pool.settings().put("stickiness.timeout", time, said));
            });
            if (said.after("peers").isPresent()) {
                said.lost("peers: each proxy remembers addresses alone; SourceIpHash or a cookie agree without peers");
            }
        } else if (!counts) {
            said.unneeded("nothing here sticks to it");
        }
    }

    private static void stick(Said said, Pool pool) {
        if (said.word(2).equals("src") && !said.words().contains("if")) {
            pool.settings().put("stickiness.type", "SourceIp", said);
            return;
        }
        var cookie = COOKIE.matcher(said.word(2));
        if (cookie.matches() && pool.settings().value("stickiness.type").isEmpty()) {
            pool.settings().drop("stickiness", Verdict.UNNEEDED, "the cookie is hashed");
            pool.hash(said, "Cookie", cookie.group(1));
            said.differs("the cookie is hashed, whatever balance says");
        } else {
            said.lost("clients stick by their address (stickiness.type: SourceIp) or by our cookie");
        }
    }

    private static void retryOn(Said said, Pool pool) {
        var statuses = new TreeSet<Integer>();
        var lost = new TreeSet<String>();
        for (var event : said.arguments()) {
            switch (event) {
                case "all-retryable-errors" -> statuses.addAll(List.of(500, 502, 503, 504));
                case "500", "501", "502", "503", "504" -> statuses.add(Integer.parseInt(event));
                case "none", "conn-failure", "empty-response", "response-timeout", "junk-response" -> {}
                default -> lost.add(event);
            }
        }
        pool.settings().put("retries.statuses", List.copyOf(statuses), said, "of requests that may be repeated");
        if (said.word(1).equals("none")) {
            pool.settings().put("retries.attempts", 0, said);
        }
        if (!lost.isEmpty()) {
            said.lost(String.join(" ", lost) + ": retries.statuses takes 500 to 599");
        }
    }

    /** What HAProxy does unless it is told otherwise. */
    static void finish(Proxied proxied, Pool pool) {
        var settings = pool.settings();
        if (settings.value("balancing.policy").isEmpty()) {
            settings.put("balancing.policy", "RoundRobin");
        }
        if (settings.value("balancing.slowStart.window").isEmpty()) {
            settings.put("balancing.slowStart.window", Duration.ZERO);
        }
        settings.put("balancing.panicThreshold", 0);
        if (proxied.http() && settings.value("retries.statuses").isEmpty()) {
            settings.put("retries.statuses", List.of());
        }
        settings.tell(
                proxied.section().header(),
                Verdict.CARRIED,
                "backend " + pool.name() + "; as in HAProxy: no slow start, no panic mode"
                        + (proxied.http() ? ", no retries by status" : ""));
    }
}
