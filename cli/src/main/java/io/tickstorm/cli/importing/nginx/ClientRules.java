package io.tickstorm.cli.importing.nginx;

import static io.tickstorm.cli.importing.draft.Rule.carried;
import static io.tickstorm.cli.importing.draft.Rule.differs;
import static io.tickstorm.cli.importing.draft.Rule.lost;
import static io.tickstorm.cli.importing.draft.Rule.unneeded;

import io.tickstorm.cli.importing.draft.Rule;
import io.tickstorm.cli.importing.draft.Said;
import io.tickstorm.cli.importing.draft.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What holds for clients: their times, limits, TLS and compression. */
final class ClientRules {
    private static final String OLD = "TLS 1.2 is the oldest version that is ever spoken";

    private ClientRules() {}

    static List<Rule<Scope>> http() {
        return List.of(
                carried(
                        "keepalive_timeout",
                        "listeners[].idleTimeout",
                        (said, scope) -> Values.time(said, 1)
                                .ifPresent(time -> scope.onEntrances(entrance -> {
                                    if (time.isZero()) {
                                        said.lost("connections are kept for idleTimeout");
                                    } else {
                                        entrance.settings().putLonger("idleTimeout", time, said);
                                    }
                                }))),
                unneeded("keepalive_requests", "a connection serves as many requests as come"),
                unneeded("keepalive_disable", "for browsers of long ago"),
                carried(
                        "client_header_timeout",
                        "listeners[].headerTimeout",
                        (said, scope) -> Values.time(said, 1)
                                .ifPresent(time -> scope.onEntrances(
                                        entrance -> entrance.settings().putLonger("headerTimeout", time, said)))),
                lost("client_body_timeout", "requestTimeout bounds a request as a whole"),
                lost("send_timeout", "keepAlive finds clients that take nothing"),
                unneeded("reset_timedout_connection", "keepAlive finds clients that take nothing"),
                carried("large_client_header_buffers", "listeners[].maxHeaderSize", ClientRules::headers),
                unneeded("client_header_buffer_size", "heads take what they need, up to maxHeaderSize"),
                differs("client_max_body_size", "bodies of any size pass", (said, scope) -> {
                    if (said.word(1).equals("0")) {
                        said.carried("bodies of any size pass");
                    } else {
                        said.lost("bodies of any size pass; servers refuse those that are too large");
                    }
                }),
                unneeded("client_body_buffer_size", "bodies pass as they come"),
                unneeded("client_body_temp_path", "bodies pass as they come"),
                differs("limit_req", "listeners[].clients.requestRate and requestBurst", ClientRules::requests),
                differs("limit_req_status", "429", (said, scope) -> {
                    if (said.word(1).equals("429")) {
                        said.carried("429 with Retry-After");
                    } else {
                        said.differs("what is too much is answered with 429 and Retry-After");
                    }
                }),
                unneeded("limit_req_log_level", "the access log has one level"),
                differs(
                        "limit_req_dry_run",
                        "what is beyond a limit is refused",
                        (said, scope) -> said.differs("what is beyond a limit is refused")),
                carried("gzip", "listeners[].compression", (said, scope) -> {
                    if (said.word(1).equals("on")) {
                        scope.onEntrances(entrance -> {
                            entrance.settings()
                                    .putOnce(
                                            "compression.level",
                                            entrance.settings()
                                                    .value("compression.level")
                                                    .orElse(1),
                                            said);
                            if (entrance.settings().value("compression.types").isEmpty()) {
                                entrance.settings().put("compression.types", List.of("text/html"));
                            }
                        });
                    } else {
                        said.carried("answers go as they come");
                    }
                }),
                carried(
                        "gzip_types",
                        "listeners[].compression.types",
                        ifCompressed((said, scope) -> scope.onEntrances(entrance -> {
                            var types = new ArrayList<>(List.of("text/html"));
                            said.arguments().stream()
                                    .filter(type -> !types.contains(type))
                                    .forEach(types::add);
                            entrance.settings().put("compression.types", List.copyOf(types), said);
                        }))),
                carried(
                        "gzip_comp_level",
                        "listeners[].compression.level",
                        ifCompressed((said, scope) -> Values.number(said, 1)
                                .ifPresent(level -> scope.onEntrances(
                                        entrance -> entrance.settings().put("compression.level", level, said))))),
                carried(
                        "gzip_min_length",
                        "listeners[].compression.minSize",
                        ifCompressed((said, scope) -> Values.size(said.word(1))
                                .ifPresent(size -> scope.onEntrances(
                                        entrance -> entrance.settings().put("compression.minSize", size, said))))),
                unneeded("gzip_vary", "Vary is written"),
                differs(
                        "gzip_proxied",
                        "listeners[].compression",
                        (said, scope) -> said.differs("an answer goes in gzip unless Cache-Control says no-transform")),
                unneeded("gzip_disable", "for browsers of long ago"),
                unneeded("gzip_http_version", "what asks for gzip gets it"),
                unneeded("gzip_buffers", "sized by itself"),
                lost("gzip_static", "files are served by servers"),
                lost("gunzip", "answers are not decompressed"),
                carried(
                        "http2",
                        "listeners[].http2.enabled",
                        (said, scope) -> scope.onEntrances(entrance -> entrance.settings()
                                .putOnce("http2.enabled", said.word(1).equals("on"), said))),
                carried(
                        "http2_max_concurrent_streams",
                        "listeners[].http2.maxConcurrentStreams",
                        (said, scope) -> Values.number(said, 1)
                                .ifPresent(most -> scope.onEntrances(entrance ->
                                        entrance.settings().putOnce("http2.maxConcurrentStreams", most, said)))),
                carried(
                        "set_real_ip_from",
                        "listeners[].forwarded.trustedProxies, or proxyProtocol.trustedProxies",
                        (said, scope) -> {}),
                carried(
                        "real_ip_header",
                        "listeners[].forwarded.trustedProxies, or proxyProtocol.trustedProxies",
                        (said, scope) -> {}),
                unneeded("real_ip_recursive", "the client is the nearest address that is no trusted proxy"));
    }

    static List<Rule<Scope>> both() {
        return List.of(
                differs("limit_conn", "listeners[].clients.connections", ClientRules::connections),
                unneeded("limit_conn_status", "connections beyond a limit are closed"),
                unneeded("limit_conn_log_level", "the access log has one level"),
                differs(
                        "limit_conn_dry_run",
                        "what is beyond a limit is refused",
                        (said, scope) -> said.differs("what is beyond a limit is refused")),
                carried("ssl_certificate", "listeners[].tls.certificates[].certificateFile", (said, scope) -> {}),
                carried("ssl_certificate_key", "listeners[].tls.certificates[].keyFile", (said, scope) -> {}),
                carried(
                        "ssl_protocols",
                        "listeners[].tls.minVersion",
                        ifSecured((said, scope) -> scope.onEntrances(entrance -> {
                            boolean only13 = said.arguments().equals(List.of("TLSv1.3"));
                            boolean old = said.arguments().contains("TLSv1")
                                    || said.arguments().contains("TLSv1.1");
                            if (old) {
                                entrance.settings().put("tls.minVersion", "TLSv1.2", said, OLD);
                            } else {
                                entrance.settings().put("tls.minVersion", only13 ? "TLSv1.3" : "TLSv1.2", said);
                            }
                        }))),
                differs(
                        "ssl_ciphers",
                        "cipher suites with forward secrecy and AEAD only",
                        (said, scope) -> said.differs(
                                "cipher suites with forward secrecy and AEAD; tls.cipherSuites narrows them")),
                carried(
                        "ssl_client_certificate",
                        "listeners[].tls.clientCaFile",
                        ifSecured((said, scope) -> scope.onEntrances(
                                entrance -> entrance.settings().putOnce("tls.clientCaFile", said.word(1), said)))),
                carried(
                        "ssl_verify_client",
                        "listeners[].tls.clientAuthentication",
                        ifSecured((said, scope) -> scope.onEntrances(entrance -> {
                            switch (said.word(1)) {
                                case "on" -> entrance.settings().putOnce("tls.clientAuthentication", "REQUIRED", said);
                                case "optional" ->
                                    entrance.settings().putOnce("tls.clientAuthentication", "OPTIONAL", said);
                                case "off" -> said.carried("clients are asked for no certificate");
                                default -> said.lost("a certificate that cannot be verified is refused");
                            }
                        }))),
                unneeded("ssl_verify_depth", "chains are followed to a trusted root"),
                carried(
                        "ssl_session_tickets",
                        "listeners[].tls.resumption",
                        ifSecured((said, scope) -> scope.onEntrances(entrance -> entrance.settings()
                                .putOnce("tls.resumption", !said.word(1).equals("off"), said)))),
                unneeded("ssl_session_cache", "clients come back by tickets"),
                unneeded("ssl_session_timeout", "tickets are good for an hour"),
                unneeded("ssl_prefer_server_ciphers", "as BoringSSL has it"),
                unneeded("ssl_dhparam", "keys are agreed on by elliptic curves"),
                unneeded("ssl_ecdh_curve", "as BoringSSL has them"),
                unneeded("ssl_buffer_size", "sized by itself"),
                unneeded("ssl_conf_command", "a matter of OpenSSL"),
                carried(
                        "ssl_handshake_timeout",
                        "listeners[].tls.handshakeTimeout",
                        ifSecured((said, scope) -> Values.time(said, 1)
                                .ifPresent(time -> scope.onEntrances(entrance ->
                                        entrance.settings().putLonger("tls.handshakeTimeout", time, said))))),
                lost("ssl_stapling", "answers about revocation are not stapled"),
                unneeded("ssl_stapling_verify", "answers about revocation are not stapled"),
                unneeded("ssl_trusted_certificate", "answers about revocation are not stapled"),
                lost("ssl_crl", "lists of revoked certificates are not read"),
                lost("ssl_password_file", "keys have no password"),
                lost("ssl_early_data", "early data is not taken, since it can be replayed"));
    }

    private static Rule.Translation<Scope> ifCompressed(Rule.Translation<Scope> translation) {
        return (said, scope) -> {
            if (scope.entrances().stream()
                    .anyMatch(entrance ->
                            entrance.settings().value("compression.level").isPresent())) {
                translation.apply(said, scope);
            } else {
                said.otherwise(Verdict.UNNEEDED, "gzip is off");
            }
        };
    }

    private static Rule.Translation<Scope> ifSecured(Rule.Translation<Scope> translation) {
        return (said, scope) -> {
            var secured = scope.entrances().stream()
                    .filter(entrance ->
                            entrance.settings().value("tls.certificates").isPresent())
                    .toList();
            if (secured.isEmpty()) {
                said.otherwise(Verdict.UNNEEDED, "no listener here speaks TLS");
            } else {
                translation.apply(said, new Scope(scope.site(), scope.http(), secured, scope.pool(), scope.shared()));
            }
        };
    }

    private static void headers(Said said, Scope scope) {
        var number = Values.number(said.word(1));
        var size = Values.size(said.word(2));
        if (number.isEmpty() || size.isEmpty() || !said.word(2).matches("\\d{1,6}[kK]")) {
            said.lost("maxHeaderSize: 1Ki to 1Mi");
            return;
        }
        int total =
                Math.clamp((long) number.get() * Integer.parseInt(said.word(2).replaceAll("\\D", "")), 1, 1024);
        scope.onEntrances(
                entrance -> entrance.settings().putOnce("maxHeaderSize", total == 1024 ? "1Mi" : total + "Ki", said));
    }

    private static void requests(Said said, Scope scope) {
        var zone = zone(said, scope);
        var rate = zone == null ? "" : Values.option(zone.said(), "rate").orElse("");
        if (zone == null || !byAddress(zone) || !rate.matches("\\d{1,6}r/[sm]")) {
            said.lost("a rate of requests is of a client's address, in one second or minute");
            return;
        }
        int number = Integer.parseInt(rate.replaceAll("\\D", ""));
        int perSecond = Math.max(1, rate.endsWith("m") ? Math.ceilDiv(number, 60) : number);
        int burst = Values.option(said, "burst").flatMap(Values::number).orElse(0) + 1;
        zone.said().tell(Verdict.CARRIED, "in listeners[].clients", "");
        scope.onEntrances(entrance -> {
            entrance.settings().putOnce("clients.requestRate", perSecond, said);
            entrance.settings().putOnce("clients.requestBurst", burst, said);
        });
        said.differs("for the listener as a whole; what is beyond the burst is answered with 429"
                + (said.words().contains("nodelay") ? "" : ", and nothing is delayed"));
    }

    private static void connections(Said said, Scope scope) {
        var most = Values.number(said.word(2));
        var zone = scope.shared().zone(said.word(1)).orElse(null);
        if (zone == null || !byAddress(zone) || most.isEmpty()) {
            said.lost("a number of connections is of a client's address; maxConnections is of a listener");
            return;
        }
        zone.said().tell(Verdict.CARRIED, "in listeners[].clients", "");
        scope.onEntrances(entrance -> entrance.settings().putOnce("clients.connections", most.get(), said));
        said.differs("connections that are open, not requests that run, of the listener as a whole");
    }

    private static @Nullable Directive zone(Said said, Scope scope) {
        return Values.option(said, "zone").flatMap(scope.shared()::zone).orElse(null);
    }

    private static boolean byAddress(Directive zone) {
        return zone.said().word(1).equals("$binary_remote_addr")
                || zone.said().word(1).equals("$remote_addr");
    }
}
