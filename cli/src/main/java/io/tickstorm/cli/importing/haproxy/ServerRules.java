package io.tickstorm.cli.importing.haproxy;

import static io.tickstorm.cli.importing.draft.Rule.carried;
import static io.tickstorm.cli.importing.draft.Rule.differs;
import static io.tickstorm.cli.importing.draft.Rule.lost;
import static io.tickstorm.cli.importing.draft.Rule.unneeded;

import io.tickstorm.cli.importing.draft.Rule;
import io.tickstorm.cli.importing.draft.Rules;
import io.tickstorm.cli.importing.draft.Said;
import java.util.List;
import java.util.Set;

/** The words after the address of {@code server}, and of {@code default-server}. */
final class ServerRules {
    /** Words that are followed by a value. */
    static final Set<String> WITH_VALUE = Set.of(
            "weight",
            "port",
            "inter",
            "fastinter",
            "downinter",
            "rise",
            "fall",
            "maxconn",
            "minconn",
            "maxqueue",
            "cookie",
            "slowstart",
            "resolvers",
            "resolve-prefer",
            "resolve-opts",
            "resolve-net",
            "init-addr",
            "verify",
            "verifyhost",
            "ca-file",
            "crt",
            "crl-file",
            "sni",
            "check-sni",
            "alpn",
            "check-alpn",
            "npn",
            "proto",
            "check-proto",
            "addr",
            "observe",
            "error-limit",
            "on-error",
            "on-marked-down",
            "on-marked-up",
            "id",
            "track",
            "redir",
            "source",
            "interface",
            "namespace",
            "ssl-min-ver",
            "ssl-max-ver",
            "ciphers",
            "ciphersuites",
            "tcp-ut",
            "usesrc",
            "agent-port",
            "agent-inter",
            "agent-addr",
            "agent-send",
            "pool-max-conn",
            "pool-purge-delay",
            "pool-low-conn",
            "max-reuse",
            "log-proto",
            "ws",
            "shard",
            "hash-key",
            "proxy-v2-options",
            "socks4",
            "log-bufsize",
            "curves",
            "sigalgs");

    static final Rules<Server.Target> RULES = new Rules<>(List.of(share(), checks(), connections()));

    private static final String AGENT = "there are no agents; balancing follows the load by itself";

    private ServerRules() {}

    private static List<Rule<Server.Target>> share() {
        return List.of(
                carried(
                        "weight",
                        "backends[].discovery.static[].weight",
                        (said, target) -> Values.number(said, 1)
                                .ifPresent(weight -> target.endpoint().put("weight", weight, said))),
                carried(
                        "backup",
                        "a second backend, which stands by (`listeners[].backends[].standby`)",
                        ServerRules::standby),
                carried("disabled", "the server is left out", (said, target) -> said.differs("left out")),
                unneeded("enabled", "it is"),
                carried(
                        "maxconn",
                        "backends[].limits.requests",
                        (said, target) -> Values.number(said, 1)
                                .filter(most -> most > 0)
                                .ifPresent(most -> target.pool().settings().putOnce("limits.requests", most, said))),
                differs(
                        "minconn",
                        "backends[].limits.requests",
                        (said, target) -> said.differs("limits do not move with the load")),
                carried(
                        "maxqueue",
                        "backends[].limits.queue.size",
                        (said, target) -> Values.number(said, 1)
                                .filter(most -> most > 0)
                                .ifPresent(most -> target.pool().settings().putOnce("limits.queue.size", most, said))),
                differs(
                        "cookie",
                        "backends[].stickiness: the cookie names the endpoint by itself",
                        (said, target) ->
                                said.differs("the cookie names the endpoint by its address, not " + said.word(1))),
                carried(
                        "slowstart",
                        "backends[].balancing.slowStart.window",
                        (said, target) -> Values.time(said, 1)
                                .ifPresent(time ->
                                        target.pool().settings().put("balancing.slowStart.window", time, said))),
                unneeded("id", "endpoints are known by their addresses"),
                lost("track", "each backend is judged by itself"),
                lost("redir", "requests are passed on, not redirected"),
                lost("hash-key", "endpoints have their places on the ring by their addresses"));
    }

    private static List<Rule<Server.Target>> checks() {
        return List.of(
                carried(
                        "check",
                        "backends[].healthCheck",
                        (said, target) -> target.pool().settings().section("healthCheck")),
                unneeded("no-check", "a server without check"),
                carried(
                        "port",
                        "backends[].healthCheck.port",
                        (said, target) -> Values.number(said, 1)
                                .ifPresent(port -> target.pool().settings().putOnce("healthCheck.port", port, said))),
                lost("addr", "checks go to the address of the traffic; healthCheck.port names another port"),
                carried("inter", "backends[].healthCheck.interval", time("interval")),
                carried("fastinter", "backends[].healthCheck.fastInterval", time("fastInterval")),
                differs(
                        "downinter",
                        "backends[].healthCheck.interval",
                        (said, target) -> said.differs("healthCheck.interval holds for those that are out, too")),
                carried("rise", "backends[].healthCheck.rise", number("rise")),
                carried("fall", "backends[].healthCheck.fall", number("fall")),
                unneeded("check-ssl", "checks are made as requests are, with tls"),
                unneeded("no-check-ssl", "checks are made as requests are"),
                unneeded("check-send-proxy", "checks on the port of the traffic send a header"),
                lost("check-sni", "tls.serverName is for checks and traffic"),
                lost("check-alpn", "checks are made as requests are"),
                lost("check-proto", "checks are made as requests are"),
                lost("check-via-socks4", "there is no SOCKS"),
                differs(
                        "observe",
                        "circuitBreaker and outlierEjection",
                        (said, target) -> said.differs(
                                "circuitBreaker and outlierEjection judge the traffic, of this backend and all others")),
                differs(
                        "error-limit",
                        "backends[].circuitBreaker.consecutiveFailures",
                        (said, target) -> Values.number(said, 1)
                                .ifPresent(limit -> target.pool()
                                        .settings()
                                        .put("circuitBreaker.consecutiveFailures", limit, said, "failures in a row"))),
                differs(
                        "on-error",
                        "circuitBreaker and outlierEjection",
                        (said, target) -> said.differs("an endpoint that fails is taken out and asked again")),
                lost(
                        "on-marked-down",
                        "connections of an endpoint that fails its checks go on; requests that may be repeated go elsewhere"),
                lost("on-marked-up", "connections stay where they are"),
                lost("agent-check", AGENT),
                lost("agent-port", AGENT),
                lost("agent-inter", AGENT),
                lost("agent-addr", AGENT),
                lost("agent-send", AGENT));
    }

    private static List<Rule<Server.Target>> connections() {
        return List.of(
                carried(
                        "send-proxy",
                        "backends[].proxyProtocol: V1",
                        (said, target) -> target.pool().settings().put("proxyProtocol", "V1", said)),
                carried(
                        "send-proxy-v2",
                        "backends[].proxyProtocol: V2",
                        (said, target) -> target.pool().settings().put("proxyProtocol", "V2", said)),
                differs(
                        "send-proxy-v2-ssl",
                        "backends[].proxyProtocol: V2",
                        (said, target) ->
                                target.pool().settings().put("proxyProtocol", "V2", said, "without what TLS says")),
                lost("proxy-v2-options", "the header has the addresses alone"),
                carried(
                        "ssl",
                        "backends[].tls",
                        (said, target) -> target.pool().settings().section("tls")),
                carried(
                        "ca-file",
                        "backends[].tls.caFile",
                        (said, target) -> target.pool().settings().putOnce("tls.caFile", said.word(1), said)),
                carried("crt", "backends[].tls.certificateFile and keyFile", (said, target) -> {
                    target.pool().settings().putOnce("tls.certificateFile", said.word(1), said);
                    target.pool().settings().put("tls.keyFile", said.word(1));
                }),
                differs("verify", "backends[].tls: always verified", (said, target) -> {
                    if (said.word(1).equals("none")) {
                        said.lost(
                                "certificates of servers are always verified; give caFile, and verifyHostname: false at most");
                    } else {
                        said.carried("tls: verified");
                    }
                }),
                carried(
                        "verifyhost",
                        "backends[].tls.serverName",
                        (said, target) -> target.pool().settings().put("tls.serverName", said.word(1), said)),
                differs("sni", "backends[].tls.serverName", ServerRules::sni),
                carried("alpn", "backends[].protocol", ServerRules::alpn),
                carried("proto", "backends[].protocol", ServerRules::alpn),
                differs(
                        "resolvers",
                        "names of the fixed list are resolved anew; discovery.dns follows one name",
                        (said, target) -> said.differs(
                                "names are resolved anew by the system's resolver; discovery.dns asks others")),
                unneeded("resolve-prefer", "IPv4 where a name has both"),
                unneeded("resolve-opts", "addresses are not told twice"),
                lost("resolve-net", "addresses of all networks are used"),
                unneeded("init-addr", "a name that cannot be resolved holds nothing up"),
                unneeded("tfo", "a matter of the kernel"),
                differs(
                        "tcp-ut",
                        "listeners[].keepAlive",
                        (said, target) ->
                                said.differs("keepAlive sets TCP_USER_TIMEOUT: idle and count times interval")),
                unneeded("pool-max-conn", "kept connections are as many as were needed of late"),
                unneeded("pool-purge-delay", "kept connections are as many as were needed of late"),
                unneeded("pool-low-conn", "kept connections are as many as were needed of late"),
                unneeded("max-reuse", "kept connections serve until one side closes them"),
                unneeded("ciphers", "cipher suites with forward secrecy and AEAD"),
                unneeded("ciphersuites", "the three suites of TLS 1.3"),
                unneeded("ssl-min-ver", "TLS 1.2 or 1.3 is spoken"),
                lost("ssl-max-ver", "the newest version is always spoken"),
                unneeded("no-ssl-reuse", "a matter of the TLS library"),
                unneeded("no-tls-tickets", "a matter of the TLS library"),
                unneeded("force-tlsv12", "TLS 1.2 or 1.3 is spoken"),
                unneeded("force-tlsv13", "TLS 1.2 or 1.3 is spoken"),
                lost("crl-file", "lists of revoked certificates are not read"),
                lost("source", "the kernel chooses the address"),
                lost("usesrc", "the kernel chooses the address; proxyProtocol tells the client's"),
                lost("interface", "the kernel chooses the interface"),
                lost("namespace", "the namespace is that of the process"),
                lost("socks4", "there is no SOCKS"),
                unneeded("stick", "stickiness is for all endpoints"),
                lost("non-stick", "stickiness is for all endpoints"),
                unneeded("ws", "WebSockets are spoken over HTTP/1.1, or HTTP/2 where the backend says it"));
    }

    private static Rule.Translation<Server.Target> time(String key) {
        return (said, target) -> Values.time(said, 1)
                .ifPresent(time -> target.pool().settings().putOnce("healthCheck." + key, time, said));
    }

    private static Rule.Translation<Server.Target> number(String key) {
        return (said, target) -> Values.number(said, 1)
                .ifPresent(number -> target.pool().settings().putOnce("healthCheck." + key, number, said));
    }

    /** The first that stands by is one; HAProxy has the others wait for it as well, unless it is told not to. */
    private static void standby(Said said, Server.Target target) {
        var together = target.proxied().section().all().stream()
                .anyMatch(
                        other -> other.name().equals("option") && other.word(1).equals("allbackups"));
        if (target.pool().standing() > 1 && !together) {
            said.differs("shares the work with the others that stand by, instead of waiting for the first of them");
        } else {
            said.carried("stands by: gets work when no other lives");
        }
    }

    private static void sni(Said said, Server.Target target) {
        if (said.word(1).startsWith("str(")) {
            target.pool().settings().putOnce("tls.serverName", said.word(1).replaceAll("^str\\((.*)\\)$", "$1"), said);
        } else {
            said.lost("tls.serverName is one name for all requests");
        }
    }

    private static void alpn(Said said, Server.Target target) {
        if (said.word(1).startsWith("h2")) {
            target.pool().settings().put("protocol", "HTTP2", said);
        } else {
            said.carried("HTTP/1.1");
        }
    }
}
