package io.tickstorm.cli.importing.haproxy;

import static io.tickstorm.cli.importing.draft.Rule.carried;
import static io.tickstorm.cli.importing.draft.Rule.differs;
import static io.tickstorm.cli.importing.draft.Rule.lost;
import static io.tickstorm.cli.importing.draft.Rule.unneeded;

import io.tickstorm.cli.importing.draft.Rule;
import java.util.List;

/** Logs, statistics, and what is HAProxy's own. */
final class OtherRules {
    private static final String LINES = "the access log has fields of its own (docs/reference/access-log.md)";
    private static final String KERNEL = "a matter of the kernel, or of the loop";
    private static final String STATS =
            "the admin API has the state: GET /state on 127.0.0.1:8404, and HAProxy's columns at /stats;csv";

    private OtherRules() {}

    static List<Rule<Proxied>> rules() {
        return List.of(
                carried("mode", "listeners[].protocol", (said, proxied) -> {
                    switch (said.word(1)) {
                        case "http", "tcp" -> said.carried("protocol " + said.word(1));
                        default -> said.lost(said.word(1) + " (expected: http or tcp)");
                    }
                }),
                carried("bind", "a listener for each address and port", Bind::apply),
                carried(
                        "server",
                        "backends[].discovery.static",
                        (said, proxied) -> proxied.onPool(pool -> Server.apply(said, proxied, pool))),
                carried(
                        "server-template",
                        "backends[].discovery.dns",
                        (said, proxied) -> proxied.onPool(pool -> Server.apply(said, proxied, pool))),
                carried("default-server", "what each server says", (said, proxied) -> {}),
                differs(
                        "log",
                        "the access log, JSON lines",
                        (said, proxied) ->
                                said.differs("the access log is JSON lines on standard output, or in accessLog.path")),
                carried(
                        "option httplog",
                        "accessLog.requests: All",
                        (said, proxied) -> proxied.site().process().put("accessLog.requests", "All", said)),
                carried(
                        "option tcplog",
                        "accessLog.requests: All",
                        (said, proxied) -> proxied.site().process().put("accessLog.requests", "All", said)),
                carried(
                        "option httpslog",
                        "accessLog.requests: All",
                        (said, proxied) -> proxied.site().process().put("accessLog.requests", "All", said)),
                carried(
                        "option dontlog-normal",
                        "accessLog.requests: Failed",
                        (said, proxied) -> proxied.site().process().put("accessLog.requests", "Failed", said)),
                unneeded("option dontlognull", "a connection that ends without a byte is not logged"),
                unneeded("option logasap", "a request is logged when it has ended"),
                unneeded("option log-separate-errors", "each line has its outcome"),
                lost("log-format", LINES),
                lost("log-format-sd", LINES),
                lost("error-log-format", LINES),
                unneeded("log-tag", LINES),
                lost("capture", "the access log has no headers"),
                lost("declare capture", "the access log has no headers"),
                differs("stats", "the admin API, 127.0.0.1:8404", (said, proxied) -> said.differs(STATS)),
                unneeded("option socket-stats", "each listener is counted"),
                unneeded("option contstats", "counters go on all the time"),
                unneeded("id", "for people"),
                unneeded("description", "for people"),
                unneeded("disabled", "the section does nothing"),
                unneeded("enabled", "it is"),
                unneeded("backlog", KERNEL),
                unneeded("option tcpka", "keepAlive is on by default, on both sides"),
                unneeded("option clitcpka", "keepAlive is on by default, on both sides"),
                unneeded("option srvtcpka", "keepAlive is on by default, on both sides"),
                unneeded("clitcpka-cnt", "keepAlive.count"),
                unneeded("clitcpka-idle", "keepAlive.idle"),
                unneeded("clitcpka-intvl", "keepAlive.interval"),
                unneeded("srvtcpka-cnt", "keepAlive.count"),
                unneeded("srvtcpka-idle", "keepAlive.idle"),
                unneeded("srvtcpka-intvl", "keepAlive.interval"),
                unneeded("option nolinger", KERNEL),
                unneeded("option splice-auto", "listeners[].splice is on by default"),
                unneeded("option splice-request", "listeners[].splice is on by default"),
                unneeded("option splice-response", "listeners[].splice is on by default"),
                unneeded("option tcp-smart-accept", KERNEL),
                unneeded("option tcp-smart-connect", KERNEL),
                unneeded("option independent-streams", "idleTimeout is silence in both directions"),
                lost("option transparent", "connections go to the endpoints that are named"),
                lost("option http_proxy", "requests go to the endpoints that are named"),
                lost("force-persist", "an endpoint that is out gets no work"),
                lost("ignore-persist", "stickiness holds for all requests of the backend"),
                lost("email-alert", "alerts come from metrics"));
    }
}
