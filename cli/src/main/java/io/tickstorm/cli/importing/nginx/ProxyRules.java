package io.tickstorm.cli.importing.nginx;

import static io.tickstorm.cli.importing.draft.Rule.carried;
import static io.tickstorm.cli.importing.draft.Rule.differs;
import static io.tickstorm.cli.importing.draft.Rule.lost;
import static io.tickstorm.cli.importing.draft.Rule.unneeded;

import io.tickstorm.cli.importing.draft.Rule;
import io.tickstorm.cli.importing.draft.Said;
import io.tickstorm.cli.importing.draft.Verdict;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/** The directives {@code proxy_*}: how requests and connections are passed on. */
final class ProxyRules {
    private static final String NO_CACHE = "nothing is cached";
    private static final String STREAMS = "bodies pass as they come, in both directions";
    private static final String NO_CHANGES =
            "headers pass as they are, but for those that every proxy writes (docs/forwarding.md)";
    private static final String KERNEL = "a matter of the kernel, or of the loop";

    private ProxyRules() {}

    static List<Rule<Scope>> http() {
        return List.of(
                differs(
                        "proxy_read_timeout",
                        "listeners[].responseTimeout",
                        (said, scope) -> Values.time(said, 1)
                                .ifPresent(time -> scope.onEntrances(entrance -> {
                                    entrance.settings().putLonger("responseTimeout", time, said);
                                    said.tell(
                                            Verdict.DIFFERS,
                                            "until the head of the answer; silence within a body, or on a WebSocket, is not timed",
                                            "");
                                }))),
                unneeded("proxy_send_timeout", "keepAlive finds servers that take nothing"),
                differs(
                        "proxy_set_header",
                        "X-Forwarded-*, Host, Upgrade, X-Request-Id: are always as they are mostly set; others cannot be",
                        ProxyRules::header),
                unneeded("proxy_http_version", "servers are spoken to in HTTP/1.1"),
                unneeded("proxy_buffering", STREAMS),
                unneeded("proxy_request_buffering", STREAMS),
                unneeded("proxy_buffers", STREAMS),
                unneeded("proxy_buffer_size", STREAMS),
                unneeded("proxy_busy_buffers_size", STREAMS),
                unneeded("proxy_max_temp_file_size", STREAMS),
                unneeded("proxy_temp_path", STREAMS),
                unneeded("proxy_temp_file_write_size", STREAMS),
                lost("proxy_limit_rate", "bodies pass as fast as both sides take them"),
                differs("proxy_cache", NO_CACHE, offOr(NO_CACHE, "off")),
                unneeded("proxy_cache_path", NO_CACHE),
                unneeded("proxy_cache_bypass", NO_CACHE),
                unneeded("proxy_no_cache", NO_CACHE),
                unneeded("proxy_cache_valid", NO_CACHE),
                unneeded("proxy_cache_key", NO_CACHE),
                unneeded("proxy_cache_use_stale", NO_CACHE),
                unneeded("proxy_cache_lock", NO_CACHE),
                unneeded("proxy_cache_methods", NO_CACHE),
                unneeded("proxy_cache_min_uses", NO_CACHE),
                unneeded("proxy_cache_background_update", NO_CACHE),
                unneeded("proxy_cache_revalidate", NO_CACHE),
                differs("proxy_store", NO_CACHE, offOr(NO_CACHE, "off")),
                differs(
                        "proxy_redirect",
                        "Location passes as it is",
                        offOr("Location passes as the server wrote it", "off", "default")),
                lost("proxy_cookie_path", NO_CHANGES),
                lost("proxy_cookie_domain", NO_CHANGES),
                lost("proxy_cookie_flags", NO_CHANGES),
                lost("proxy_hide_header", NO_CHANGES),
                unneeded("proxy_pass_header", "headers of servers pass"),
                lost("proxy_ignore_headers", "headers of servers steer nothing here, and pass"),
                differs(
                        "proxy_intercept_errors",
                        "answers of servers pass as they are",
                        offOr("answers of servers pass as they are", "off")),
                unneeded("proxy_ignore_client_abort", "requests of clients that are gone are given up"),
                lost("proxy_method", "methods pass as they are"),
                lost("proxy_set_body", "bodies pass as they are"),
                unneeded("proxy_pass_request_headers", "headers pass"),
                unneeded("proxy_pass_request_body", "bodies pass"),
                unneeded("proxy_headers_hash_max_size", KERNEL),
                unneeded("proxy_headers_hash_bucket_size", KERNEL));
    }

    static List<Rule<Scope>> both() {
        return List.of(
                carried(
                        "proxy_connect_timeout",
                        "listeners[].connectTimeout",
                        (said, scope) -> Values.time(said, 1)
                                .ifPresent(time -> scope.onEntrances(
                                        entrance -> entrance.settings().putLonger("connectTimeout", time, said)))),
                differs("proxy_next_upstream", "backends[].retries.statuses", ProxyRules::nextUpstream),
                carried(
                        "proxy_next_upstream_tries",
                        "backends[].retries.attempts",
                        (said, scope) -> Values.number(said, 1)
                                .filter(tries -> tries > 0)
                                .ifPresent(tries -> scope.onPool(
                                        pool -> pool.settings().putOnce("retries.attempts", tries - 1, said)))),
                differs(
                        "proxy_next_upstream_timeout",
                        "listeners[].requestTimeout",
                        (said, scope) ->
                                said.differs("listeners[].requestTimeout bounds a request with all its attempts")),
                lost("proxy_bind", "the kernel chooses the address; proxyProtocol tells the client's"),
                unneeded("proxy_socket_keepalive", "keepAlive is on by default, on both sides"),
                carried(
                        "proxy_ssl_name",
                        "backends[].tls.serverName",
                        (said, scope) -> scope.onPool(pool -> {
                            if (said.word(1).contains("$")) {
                                said.lost("tls.serverName is one name for all requests");
                            } else {
                                pool.settings().putOnce("tls.serverName", said.word(1), said);
                            }
                        })),
                unneeded("proxy_ssl_server_name", "servers are told the name (SNI)"),
                carried(
                        "proxy_ssl_trusted_certificate",
                        "backends[].tls.caFile",
                        (said, scope) ->
                                scope.onPool(pool -> pool.settings().putOnce("tls.caFile", said.word(1), said))),
                carried(
                        "proxy_ssl_certificate",
                        "backends[].tls.certificateFile",
                        (said, scope) -> scope.onPool(
                                pool -> pool.settings().putOnce("tls.certificateFile", said.word(1), said))),
                carried(
                        "proxy_ssl_certificate_key",
                        "backends[].tls.keyFile",
                        (said, scope) ->
                                scope.onPool(pool -> pool.settings().putOnce("tls.keyFile", said.word(1), said))),
                differs("proxy_ssl_verify", "certificates of servers are always verified", (said, scope) -> {
                    if (said.word(1).equals("on")) {
                        said.carried("certificates of servers are verified");
                    } else {
                        said.lost(
                                "certificates of servers are always verified; give caFile, and verifyHostname: false at most");
                    }
                }),
                unneeded("proxy_ssl_verify_depth", "chains are followed to a trusted root"),
                unneeded("proxy_ssl_session_reuse", "a matter of the TLS library"),
                unneeded("proxy_ssl_protocols", "TLS 1.2 or 1.3 is spoken with servers"),
                unneeded("proxy_ssl_ciphers", "cipher suites with forward secrecy and AEAD"),
                lost("proxy_ssl_crl", "lists of revoked certificates are not read"));
    }

    static List<Rule<Scope>> stream() {
        return List.of(
                carried(
                        "proxy_timeout",
                        "listeners[].idleTimeout",
                        (said, scope) -> Values.time(said, 1)
                                .ifPresent(time -> scope.onEntrances(
                                        entrance -> entrance.settings().put("idleTimeout", time, said)))),
                carried(
                        "proxy_protocol",
                        "backends[].proxyProtocol: V1",
                        (said, scope) -> scope.onPool(pool -> {
                            if (said.word(1).equals("on")) {
                                pool.settings().put("proxyProtocol", "V1", said);
                            } else {
                                said.carried("no header is sent");
                            }
                        })),
                unneeded("proxy_protocol_timeout", "proxyProtocol.timeout is 5s"),
                unneeded("proxy_responses", "for datagrams"),
                unneeded("proxy_requests", "for datagrams"),
                unneeded("proxy_buffer_size", "bytes pass as they come"),
                lost("proxy_download_rate", "bytes pass as fast as both sides take them"),
                lost("proxy_upload_rate", "bytes pass as fast as both sides take them"),
                unneeded(
                        "proxy_half_close", "what one side ends the other one hears, and the other direction goes on"));
    }

    private static Rule.Translation<Scope> offOr(String what, String... offs) {
        return (said, scope) -> {
            if (List.of(offs).contains(said.word(1))) {
                said.carried(what);
            } else {
                said.lost(what);
            }
        };
    }

    private static void header(Said said, Scope scope) {
        var name = said.word(1).toLowerCase(Locale.ROOT);
        var value = said.word(2);
        switch (name) {
            case "host" -> {
                if (value.startsWith("$host") || value.startsWith("$http_host")) {
                    said.carried("Host passes as the client sent it");
                } else {
                    said.lost("Host passes as the client sent it");
                }
            }
            case "upgrade" -> said.carried("WebSockets pass");
            case "connection" -> {
                said.carried("WebSockets pass, and connections to servers are kept");
                scope.shared()
                        .map(value)
                        .ifPresent(map ->
                                map.all(Verdict.CARRIED, "WebSockets pass, and connections to servers are kept"));
            }
            case "x-forwarded-for" -> {
                if (value.equals("$proxy_add_x_forwarded_for")) {
                    said.differs(
                            "X-Forwarded-For is always written; what clients say in it is dropped, but for forwarded.trustedProxies");
                } else {
                    said.carried("X-Forwarded-For is always written");
                }
            }
            case "x-forwarded-proto", "x-forwarded-host" -> said.carried(said.word(1) + " is always written");
            case "x-request-id" -> said.carried("X-Request-Id is always there");
            case "x-real-ip" ->
                said.lost("the address is in X-Forwarded-For; what clients say in X-Real-IP is dropped");
            default -> said.lost(NO_CHANGES);
        }
    }

    private static void nextUpstream(Said said, Scope scope) {
        var statuses = new TreeSet<Integer>();
        var lost = new TreeSet<String>();
        for (var event : said.arguments()) {
            switch (event) {
                case "http_500", "http_502", "http_503", "http_504" ->
                    statuses.add(Integer.parseInt(event.substring("http_".length())));
                case "error", "timeout", "invalid_header", "on" -> {}
                case "off" -> scope.onPool(pool -> pool.settings().putOnce("retries.attempts", 0, said));
                default -> lost.add(event);
            }
        }
        if (scope.http() && !said.word(1).equals("off")) {
            scope.onPool(pool -> pool.settings()
                    .put("retries.statuses", List.copyOf(statuses), said, "of requests that may be repeated"));
        } else if (!said.word(1).equals("off")) {
            said.carried("a connection that fails is tried elsewhere");
        }
        if (!lost.isEmpty()) {
            said.lost(String.join(" ", lost)
                    + ": statuses 500 to 599 of requests that may be repeated are tried elsewhere");
        }
    }
}
