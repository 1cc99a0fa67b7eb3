package io.tickstorm.cli.importing.nginx;

import static io.tickstorm.cli.importing.draft.Rule.carried;
import static io.tickstorm.cli.importing.draft.Rule.differs;
import static io.tickstorm.cli.importing.draft.Rule.unneeded;

import io.tickstorm.cli.importing.draft.Pool;
import io.tickstorm.cli.importing.draft.Rule;
import io.tickstorm.cli.importing.draft.Rules;
import io.tickstorm.cli.importing.draft.Said;
import java.time.Duration;
import java.util.List;

/** Block {@code upstream}: servers, and how work is shared out over them. */
final class UpstreamRules {
    static final Rules<Pool> RULES = new Rules<>(List.of(rules()));

    private static final String KEPT = "connections to servers are kept as they were needed of late";
    private static final Duration FAIL_TIMEOUT = Duration.ofSeconds(10);
    private static final int MOST_ATTEMPTS = 10;

    private UpstreamRules() {}

    private static List<Rule<Pool>> rules() {
        return List.of(
                carried("server", "backends[].discovery.static", UpstreamServer::apply),
                carried("least_conn", "backends[].balancing.policy: LeastConnections", policy("LeastConnections")),
                differs(
                        "ip_hash",
                        "backends[].balancing.policy: SourceIpHash",
                        (said, pool) -> pool.settings()
                                .put(
                                        "balancing.policy",
                                        "SourceIpHash",
                                        said,
                                        "by the whole address, not by its first three numbers")),
                carried("hash", "backends[].balancing.policy: ConsistentHash or SourceIpHash", UpstreamRules::hash),
                carried(
                        "random",
                        "backends[].balancing.policy: Random or PowerOfTwoChoices",
                        (said, pool) -> pool.settings()
                                .put(
                                        "balancing.policy",
                                        said.word(1).equals("two") ? "PowerOfTwoChoices" : "Random",
                                        said)),
                differs(
                        "least_time",
                        "backends[].balancing.policy: PeakEwma",
                        (said, pool) -> pool.settings()
                                .put(
                                        "balancing.policy",
                                        "PeakEwma",
                                        said,
                                        "by latencies of late and what is in flight")),
                differs("sticky", "backends[].stickiness: type Cookie", UpstreamRules::sticky),
                differs("queue", "backends[].limits.queue", (said, pool) -> {
                    Values.number(said, 1).ifPresent(size -> pool.settings().put("limits.queue.size", size, said));
                    Values.option(said, "timeout")
                            .flatMap(Values::time)
                            .ifPresent(time -> pool.settings().put("limits.queue.timeout", time, said));
                }),
                unneeded("keepalive", KEPT),
                unneeded("keepalive_requests", KEPT),
                unneeded("keepalive_timeout", KEPT),
                unneeded("keepalive_time", KEPT),
                unneeded("zone", "one process, whose threads share what they know"),
                unneeded("ntlm", "connections to servers are not shared while a WebSocket or a tunnel is on them"),
                unneeded("state", "a reload keeps what is known of each endpoint"),
                differs(
                        "resolver",
                        "names are resolved by the system's resolver",
                        (said, pool) -> said.differs(
                                "names are resolved by the system's resolver; discovery.dns.resolvers names others")));
    }

    private static Rule.Translation<Pool> policy(String policy) {
        return (said, pool) -> pool.settings().put("balancing.policy", policy, said);
    }

    private static void hash(Said said, Pool pool) {
        var key = said.word(1);
        var settings = pool.settings();
        if (key.equals("$remote_addr") || key.equals("$binary_remote_addr")) {
            settings.put("balancing.policy", "SourceIpHash", said);
        } else if (key.startsWith("$cookie_")) {
            pool.hash(said, "Cookie", key.substring("$cookie_".length()));
        } else if (key.startsWith("$http_")) {
            pool.hash(said, "Header", key.substring("$http_".length()).replace('_', '-'));
        } else {
            settings.put("balancing.policy", "LeastConnections");
            said.lost(key + ": policies hash a client's address, a header or a cookie; LeastConnections is written");
        }
    }

    private static void sticky(Said said, Pool pool) {
        if (!said.word(1).equals("cookie")) {
            said.lost("clients stick by our cookie (stickiness.type: Cookie) or by their address");
            return;
        }
        var stickiness = pool.cookie(said, said.word(2), said.words().contains("secure"));
        Values.option(said, "expires").flatMap(Values::time).ifPresent(age -> stickiness.put("maxAge", age, said));
    }

    /** What nginx does unless it is told otherwise. */
    static void finish(Pool pool, boolean http) {
        var settings = pool.settings();
        if (settings.value("balancing.policy").isEmpty()) {
            settings.put("balancing.policy", "RoundRobin");
        }
        if (settings.value("balancing.slowStart.window").isEmpty()) {
            settings.put("balancing.slowStart.window", Duration.ZERO);
        }
        settings.put("balancing.panicThreshold", 0);
        // a server that is alone is asked again and again, whatever becomes of that
        boolean alone = pool.size() < 2;
        if (alone || settings.value("circuitBreaker.consecutiveFailures").isEmpty()) {
            settings.put("circuitBreaker.consecutiveFailures", alone ? 0 : 1);
        }
        var out = settings.value("circuitBreaker.openFor").orElse(FAIL_TIMEOUT);
        settings.put("circuitBreaker.openFor", out);
        settings.put("circuitBreaker.maxOpenFor", out);
        if (settings.value("retries.attempts").isEmpty()) {
            settings.put("retries.attempts", Math.clamp(pool.size() - 1L, 0, MOST_ATTEMPTS));
        }
        if (http && settings.value("retries.statuses").isEmpty()) {
            settings.put("retries.statuses", List.of());
        }
    }
}
