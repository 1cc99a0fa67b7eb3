package io.tickstorm.cli.importing.haproxy;

import static io.tickstorm.cli.importing.draft.Rule.carried;
import static io.tickstorm.cli.importing.draft.Rule.differs;
import static io.tickstorm.cli.importing.draft.Rule.lost;

import io.tickstorm.cli.importing.draft.Rule;
import io.tickstorm.cli.importing.draft.Said;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Who is refused: limits of single clients and of all together. */
final class LimitRules {
    private static final Pattern COUNTER =
            Pattern.compile("(?:src_|sc\\d?_)(http_req_rate|conn_rate|sess_rate|conn_cur)(?:\\(([^)]*)\\))?");
    private static final String BY_ADDRESS = "listeners[].clients tells clients apart by address";

    private LimitRules() {}

    static List<Rule<Proxied>> rules() {
        return List.of(
                differs(
                        "stick-table",
                        "backends[].stickiness of type SourceIp, or listeners[].clients",
                        BalanceRules::stickTable),
                carried(
                        "maxconn",
                        "listeners[].maxConnections",
                        (said, proxied) -> Values.number(said, 1)
                                .ifPresent(most -> proxied.onEntrances(entrance -> {
                                    if (entrance.settings()
                                            .value("maxConnections")
                                            .isEmpty()) {
                                        entrance.settings().put("maxConnections", most, said);
                                    }
                                }))),
                carried(
                        "rate-limit sessions",
                        "listeners[].maxConnectionRate",
                        (said, proxied) -> Values.number(said, 2)
                                .ifPresent(rate -> proxied.onEntrances(
                                        entrance -> entrance.settings().put("maxConnectionRate", rate, said)))),
                differs(
                        "http-request deny",
                        "listeners[].clients.requestRate, if it compares a rate of the client",
                        LimitRules::refuse),
                differs(
                        "http-request reject",
                        "listeners[].clients.requestRate, if it compares a rate of the client",
                        LimitRules::refuse),
                differs(
                        "http-request tarpit",
                        "listeners[].clients.requestRate, if it compares a rate of the client",
                        LimitRules::refuse),
                differs(
                        "tcp-request connection reject",
                        "listeners[].clients, if it compares a rate or number of the client",
                        LimitRules::refuse),
                differs(
                        "tcp-request session reject",
                        "listeners[].clients, if it compares a rate or number of the client",
                        LimitRules::refuse),
                differs(
                        "tcp-request content reject",
                        "listeners[].clients, if it compares a rate or number of the client",
                        LimitRules::refuse),
                carried("http-request track-sc0", "listeners[].clients", LimitRules::track),
                carried("http-request track-sc1", "listeners[].clients", LimitRules::track),
                carried("tcp-request connection track-sc0", "listeners[].clients", LimitRules::track),
                carried("tcp-request connection track-sc1", "listeners[].clients", LimitRules::track),
                carried("tcp-request session track-sc0", "listeners[].clients", LimitRules::track),
                carried("tcp-request content track-sc0", "listeners[].clients", LimitRules::track),
                carried("tcp-request content track-sc1", "listeners[].clients", LimitRules::track),
                carried("tcp-request connection expect-proxy", "listeners[].proxyProtocol", LimitRules::expectProxy),
                carried(
                        "tcp-request inspect-delay",
                        "routes by server name wait five seconds for it",
                        (said, proxied) ->
                                said.carried("a listener that routes by server name waits five seconds for it")),
                differs("tcp-request content accept", "routes by server name, if it waits for one", (said, proxied) -> {
                    if (said.words().toString().contains("ssl_hello_type")) {
                        said.carried("a listener that routes by server name reads it first");
                        Condition.of(said, proxied)
                                .named()
                                .forEach(acl -> acl.said().carried("in routes"));
                    } else {
                        said.lost("everybody is let in who is within the limits");
                    }
                }),
                lost(
                        "tcp-request connection accept",
                        "everybody is let in who is within the limits; clients.exempt has none"),
                lost("tcp-request connection", "who may come in is a matter of networks: clients has limits, no lists"),
                lost("tcp-request session", "who may come in is a matter of networks: clients has limits, no lists"),
                lost("tcp-request content", "what passes over TCP is not looked at, but for the server name of TLS"),
                lost("tcp-response content", "what passes over TCP is not looked at"),
                lost("tcp-response inspect-delay", "what passes over TCP is not looked at"));
    }

    private static void track(Said said, Proxied proxied) {
        if (said.words().contains("src")) {
            said.carried(BY_ADDRESS);
        } else {
            said.lost(BY_ADDRESS);
        }
    }

    private static void expectProxy(Said said, Proxied proxied) {
        var ranges = new ArrayList<String>();
        for (var terms : Condition.of(said, proxied).alternatives()) {
            terms.stream()
                    .filter(term -> !term.negated())
                    .flatMap(term -> term.acls().stream())
                    .filter(acl -> acl.what().equals("src") && acl.match().isEmpty())
                    .forEach(acl -> ranges.addAll(acl.patterns()));
        }
        if (ranges.isEmpty()) {
            said.lost("proxyProtocol.trustedProxies is a list of address ranges");
        } else {
            proxied.onEntrances(entrance -> entrance.settings().put("proxyProtocol.trustedProxies", ranges, said));
        }
    }

    private static void refuse(Said said, Proxied proxied) {
        var condition = Condition.of(said, proxied);
        try {
            for (var terms : condition.alternatives()) {
                limit(said, proxied, terms);
            }
            condition.named().forEach(acl -> acl.said().carried("in clients"));
        } catch (InexpressibleException e) {
            said.lost(e.reason());
            condition
                    .named()
                    .forEach(acl -> acl.said()
                            .lost("used by what is not carried over (line "
                                    + said.line().number() + ")"));
        }
    }

    private static void limit(Said said, Proxied proxied, List<Condition.Term> terms) throws InexpressibleException {
        var exempt = new ArrayList<String>();
        var limits = new ArrayList<Acl>();
        for (var term : terms) {
            if (term.negated()
                    && term.acls().stream()
                            .allMatch(acl ->
                                    acl.what().equals("src") && acl.match().isEmpty())) {
                term.acls().forEach(acl -> exempt.addAll(acl.patterns()));
            } else if (!term.negated() && term.acls().size() == 1) {
                limits.add(term.acls().getFirst());
            } else {
                throw cannot();
            }
        }
        if (limits.size() != 1) {
            throw cannot();
        }
        limit(said, proxied, limits.getFirst());
        if (!exempt.isEmpty()) {
            proxied.onEntrances(entrance -> entrance.settings().put("clients.exempt", exempt, said));
        }
    }

    private static void limit(Said said, Proxied proxied, Acl acl) throws InexpressibleException {
        var counter = COUNTER.matcher(acl.fetch());
        var number =
                Values.number(acl.patterns().isEmpty() ? "" : acl.patterns().getLast());
        if (!counter.matches() || number.isEmpty() || acl.patterns().size() > 2) {
            throw cannot();
        }
        // ge 100 refuses the hundredth, gt 100 the one after it
        int most = Math.max(1, acl.patterns().getFirst().equals("ge") ? number.get() - 1 : number.get());
        var table = counter.group(2) == null || counter.group(2).matches("\\d?")
                ? proxied.section().name()
                : counter.group(2).replaceAll(".*,", "");
        proxied.onEntrances(entrance -> {
            var settings = entrance.settings();
            if (counter.group(1).equals("conn_cur")) {
                settings.put("clients.connections", most, said);
                return;
            }
            var kind = counter.group(1).equals("http_req_rate") ? "request" : "connection";
            var period = proxied.tables().period(table, counter.group(1)).orElse(Duration.ofSeconds(1));
            int rate = (int) Math.max(1, Math.ceilDiv(most * 1000L, Math.max(1, period.toMillis())));
            settings.put(
                    "clients." + kind + "Rate",
                    rate,
                    said,
                    (kind.equals("request") ? "answered with 429, " : "") + "of each client, evened out over time");
            settings.put("clients." + kind + "Burst", Math.max(rate, most), said);
        });
    }

    private static InexpressibleException cannot() {
        return new InexpressibleException(
                "what is refused is what goes beyond limits (listeners[].clients); a route to a backend of its own, or the server, can refuse the rest");
    }
}
