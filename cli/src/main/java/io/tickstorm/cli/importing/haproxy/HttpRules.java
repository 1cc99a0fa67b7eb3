package io.tickstorm.cli.importing.haproxy;

import static io.tickstorm.cli.importing.draft.Rule.carried;
import static io.tickstorm.cli.importing.draft.Rule.differs;
import static io.tickstorm.cli.importing.draft.Rule.lost;
import static io.tickstorm.cli.importing.draft.Rule.unneeded;

import io.tickstorm.cli.importing.draft.Rule;
import io.tickstorm.cli.importing.draft.Said;
import java.util.List;
import java.util.Locale;

/** What becomes of requests and answers on their way. */
final class HttpRules {
    private static final String NO_CHANGES =
            "headers pass as they are, but for those that every proxy writes (docs/forwarding.md)";
    private static final String NO_REDIRECTS = "requests are passed on; a server answers with redirects";
    private static final String NO_ANSWERS = "the proxy's own answers are plain: a status and its reason";

    private HttpRules() {}

    static List<Rule<Proxied>> rules() {
        return List.of(
                carried("option forwardfor", "X-Forwarded-For is always written", HttpRules::forwardFor),
                differs(
                        "http-request set-header",
                        "X-Forwarded-*, X-Request-Id: are always written; others pass as they are",
                        HttpRules::setHeader),
                differs(
                        "http-request add-header",
                        "X-Forwarded-*, X-Request-Id: are always written; others pass as they are",
                        HttpRules::setHeader),
                differs(
                        "http-request del-header",
                        "what clients say in X-Forwarded-* is dropped; others pass as they are",
                        HttpRules::setHeader),
                lost("http-request replace-header", NO_CHANGES),
                lost("http-request replace-value", NO_CHANGES),
                lost("http-request set-path", "paths pass as they are"),
                lost("http-request replace-path", "paths pass as they are"),
                lost("http-request replace-uri", "paths pass as they are"),
                lost("http-request set-uri", "paths pass as they are"),
                lost("http-request set-query", "queries pass as they are"),
                lost("http-request set-method", "methods pass as they are"),
                lost("http-request redirect", NO_REDIRECTS),
                lost("redirect", NO_REDIRECTS),
                lost(
                        "http-request return",
                        "requests are answered by servers; probes of the proxy itself are on port 8081"),
                lost("http-request auth", "passwords are a matter of the servers"),
                lost("http-request set-var", "there are no variables"),
                lost("http-request set-src", "forwarded.trustedProxies says who is believed on the client's address"),
                unneeded("http-request set-log-level", "the access log has one level"),
                lost("http-request cache-use", "nothing is cached"),
                lost("http-response cache-store", "nothing is cached"),
                lost("http-request capture", "the access log has no headers"),
                differs("http-request use-service", "metrics for Prometheus are on port 9090", (said, proxied) -> {
                    if (said.word(2).equals("prometheus-exporter")) {
                        said.differs("metrics for Prometheus are on port 9090, at /metrics");
                        Condition.of(said, proxied)
                                .named()
                                .forEach(acl -> acl.said().unneeded("metrics have a port of their own"));
                    } else {
                        said.lost("there are no services but servers");
                    }
                }),
                unneeded(
                        "http-request normalize-uri",
                        "a path that can be read in two ways is refused where a route looks at it"),
                unneeded("http-request wait-for-handshake", "requests come after the handshake"),
                lost("http-request", NO_CHANGES),
                lost("http-response", NO_CHANGES),
                lost("http-after-response", NO_CHANGES),
                lost("http-error", NO_ANSWERS),
                lost("errorfile", NO_ANSWERS),
                lost("errorfiles", NO_ANSWERS),
                lost("errorloc", NO_ANSWERS),
                lost("errorloc302", NO_ANSWERS),
                lost("errorloc303", NO_ANSWERS),
                lost("filter", "there are no filters but compression"),
                carried("compression algo", "listeners[].compression", (said, proxied) -> {
                    boolean gzip = said.words().contains("gzip");
                    proxied.onEntrances(entrance -> {
                        if (gzip
                                && entrance.settings()
                                        .value("compression.level")
                                        .isEmpty()) {
                            entrance.settings().put("compression.level", 1, said);
                        }
                    });
                    if (!gzip || said.words().size() > 3) {
                        said.lost("answers are compressed with gzip alone");
                    }
                    if (proxied.entrances().isEmpty()) {
                        said.lost("compression is a setting of listeners");
                    }
                }),
                carried("compression type", "listeners[].compression.types", (said, proxied) -> {
                    var types = said.words().subList(2, said.words().size());
                    proxied.onEntrances(entrance -> entrance.settings().put("compression.types", types, said));
                    if (proxied.entrances().isEmpty()) {
                        said.lost("compression is a setting of listeners");
                    }
                }),
                lost(
                        "compression offload",
                        "servers see that the client takes gzip; what they compressed passes as it is"),
                differs(
                        "monitor-uri",
                        "/ping on port 8081",
                        (said, proxied) ->
                                said.differs("whether the proxy is well is told on port 8081, at /ping and /ready")),
                lost("monitor fail", "/ready on port 8081 fails while the proxy drains"),
                differs("unique-id-header", "X-Request-Id", (said, proxied) -> {
                    if (said.word(1).equalsIgnoreCase("X-Request-Id")) {
                        said.carried("X-Request-Id");
                    } else {
                        said.differs("X-Request-Id has it");
                    }
                }),
                unneeded("unique-id-format", "X-Request-Id is the client's, or a random one"),
                unneeded("option http-keep-alive", "connections are kept on both sides"),
                differs(
                        "option http-server-close",
                        "connections to servers are kept",
                        (said, proxied) -> said.differs("connections to servers are kept")),
                differs(
                        "option httpclose",
                        "connections are kept on both sides",
                        (said, proxied) -> said.differs("connections are kept on both sides")),
                differs(
                        "option forceclose",
                        "connections are kept on both sides",
                        (said, proxied) -> said.differs("connections are kept on both sides")),
                unneeded("option http-pretend-keepalive", "connections to servers are kept"),
                unneeded("option http-no-delay", "bytes are never held back"),
                lost("option http-buffer-request", "bodies pass as they come"),
                lost(
                        "option originalto",
                        "servers are not told which address the client came to, but by the PROXY protocol"),
                lost(
                        "option accept-invalid-http-request",
                        "malformed requests are refused, whatever servers would make of them"),
                lost("option accept-invalid-http-response", "malformed answers are not passed on"),
                unneeded("option http-use-htx", "for HAProxy alone"),
                unneeded("option http-ignore-probes", "a connection that ends without a byte is no failure"),
                unneeded("option h1-case-adjust-bogus-client", "names of headers pass as they are written"),
                unneeded("option h1-case-adjust-bogus-server", "names of headers pass as they are written"),
                lost("option checkcache", "answers are not judged"));
    }

    private static void forwardFor(Said said, Proxied proxied) {
        var except = said.after("except");
        if (except.isPresent()) {
            said.differs("X-Forwarded-For is always written; forwarded.trustedProxies says whose own stays");
        } else if (said.after("header").isPresent()) {
            said.lost("the address is in X-Forwarded-For, not in "
                    + said.after("header").get());
        } else {
            said.carried("X-Forwarded-For is always written, and what clients say in it dropped");
        }
    }

    private static void setHeader(Said said, Proxied proxied) {
        var name = said.word(2).toLowerCase(Locale.ROOT);
        switch (name) {
            case "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host" -> {
                said.carried(said.word(2) + " is always written as it is, and what clients say in it dropped");
                Condition.of(said, proxied).named().forEach(acl -> acl.said().carried("in " + said.word(2)));
            }
            case "x-request-id" -> said.carried("X-Request-Id is always there");
            case "x-real-ip" ->
                said.lost("the address is in X-Forwarded-For; what clients say in X-Real-IP is dropped");
            case "x-forwarded-port" -> said.lost("servers are told the host with its port in X-Forwarded-Host");
            default -> said.lost(NO_CHANGES);
        }
    }
}
