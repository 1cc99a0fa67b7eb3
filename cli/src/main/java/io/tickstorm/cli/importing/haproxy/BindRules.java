package io.tickstorm.cli.importing.haproxy;

import static io.tickstorm.cli.importing.draft.Rule.carried;
import static io.tickstorm.cli.importing.draft.Rule.differs;
import static io.tickstorm.cli.importing.draft.Rule.lost;
import static io.tickstorm.cli.importing.draft.Rule.unneeded;

import io.tickstorm.cli.importing.draft.Entrance;
import io.tickstorm.cli.importing.draft.Rule;
import io.tickstorm.cli.importing.draft.Rules;
import io.tickstorm.cli.importing.draft.Said;
import io.tickstorm.cli.importing.draft.Settings;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The words after the address of {@code bind}. */
final class BindRules {
    /** Words that are followed by a value. */
    static final Set<String> WITH_VALUE = Set.of(
            "crt",
            "crt-list",
            "ca-file",
            "ca-verify-file",
            "crl-file",
            "verify",
            "alpn",
            "npn",
            "ssl-min-ver",
            "ssl-max-ver",
            "ciphers",
            "ciphersuites",
            "curves",
            "ecdhe",
            "maxconn",
            "name",
            "backlog",
            "process",
            "thread",
            "shards",
            "nice",
            "id",
            "level",
            "mode",
            "user",
            "group",
            "uid",
            "gid",
            "interface",
            "mss",
            "tcp-ut",
            "proto",
            "namespace",
            "severity-output",
            "crt-ignore-err",
            "ca-ignore-err",
            "ca-sign-file",
            "ca-sign-pass",
            "tls-ticket-keys",
            "sigalgs");

    static final Rules<Entrance> RULES = new Rules<>(List.of(tls(), others()));

    private static final String MATTER = "a matter of the kernel";
    private static final String OLD = "TLS 1.2 is the oldest version that is ever spoken";

    private BindRules() {}

    private static List<Rule<Entrance>> tls() {
        return List.of(
                carried("ssl", "listeners[].tls", (said, entrance) -> {
                    // so that the section is there, and refused without a certificate
                    if (entrance.settings().value("tls.minVersion").isEmpty()) {
                        entrance.settings().put("tls.minVersion", "TLSv1.2", said);
                    }
                }),
                carried(
                        "crt",
                        "listeners[].tls.certificates, the file for both certificate and key",
                        BindRules::certificate),
                lost(
                        "crt-list",
                        "listeners[].tls.certificates lists each certificate; which one is used, its names say"),
                carried(
                        "ca-file",
                        "listeners[].tls.clientCaFile",
                        (said, entrance) -> entrance.settings().put("tls.clientCaFile", said.word(1), said)),
                carried("verify", "listeners[].tls.clientAuthentication", BindRules::verify),
                carried("alpn", "listeners[].http2.enabled", BindRules::alpn),
                carried(
                        "proto",
                        "listeners[].http2.enabled",
                        (said, entrance) -> said.carried("HTTP/2 is known by its first bytes")),
                carried("ssl-min-ver", "listeners[].tls.minVersion", BindRules::minVersion),
                carried(
                        "force-tlsv13",
                        "listeners[].tls.minVersion",
                        (said, entrance) -> entrance.settings().put("tls.minVersion", "TLSv1.3", said)),
                carried(
                        "strict-sni",
                        "listeners[].tls.strictSni",
                        (said, entrance) -> entrance.settings().put("tls.strictSni", true, said)),
                carried(
                        "no-tls-tickets",
                        "listeners[].tls.resumption",
                        (said, entrance) -> entrance.settings().put("tls.resumption", false, said)),
                lost("crl-file", "lists of revoked certificates are not read"),
                lost("ssl-max-ver", "the newest version is always spoken"),
                lost("force-tlsv12", "the newest version is always spoken"),
                differs(
                        "ciphers",
                        "cipher suites with forward secrecy and AEAD only",
                        (said, entrance) -> said.differs(
                                "cipher suites with forward secrecy and AEAD; tls.cipherSuites narrows them")),
                unneeded("ciphersuites", "the three suites of TLS 1.3 are always there"),
                unneeded("curves", "as BoringSSL has them"),
                unneeded("ecdhe", "as BoringSSL has them"),
                unneeded("sigalgs", "as BoringSSL has them"),
                unneeded("prefer-client-ciphers", "as BoringSSL has it"),
                unneeded("npn", "replaced by ALPN everywhere"),
                unneeded("no-sslv3", OLD),
                unneeded("no-tlsv10", OLD),
                unneeded("no-tlsv11", OLD),
                lost("no-tlsv12", "tls.minVersion: TLSv1.3 comes nearest"),
                lost("generate-certificates", "certificates are files"),
                lost("ca-sign-file", "certificates are files"),
                lost("allow-0rtt", "early data is not taken, since it can be replayed"));
    }

    private static List<Rule<Entrance>> others() {
        return List.of(
                differs(
                        "accept-proxy",
                        "listeners[].proxyProtocol, of anybody until its trustedProxies are narrowed",
                        BindRules::acceptProxy),
                carried(
                        "maxconn",
                        "listeners[].maxConnections",
                        (said, entrance) -> Values.number(said, 1)
                                .ifPresent(most -> entrance.settings().put("maxConnections", most, said))),
                unneeded("v4v6", ":: takes both"),
                lost("v6only", ":: takes both; name the addresses"),
                unneeded("name", "for people"),
                unneeded("id", "for people"),
                lost("interface", "listeners[].address is the address of the interface"),
                lost("transparent", "an address that is not this machine's cannot be bound"),
                unneeded("tfo", MATTER),
                unneeded("defer-accept", MATTER),
                unneeded("backlog", MATTER),
                unneeded("mss", MATTER),
                differs(
                        "tcp-ut",
                        "listeners[].keepAlive",
                        (said, entrance) ->
                                said.differs("keepAlive sets TCP_USER_TIMEOUT: idle and count times interval")),
                unneeded("process", "there is an event loop for each processor"),
                unneeded("thread", "there is an event loop for each processor"),
                unneeded("shards", "there is an event loop for each processor"),
                unneeded("nice", "all listeners are treated alike"),
                lost("namespace", "the namespace is that of the process"),
                lost("accept-netscaler-cip", "only the PROXY protocol is read"));
    }

    private static void certificate(Said said, Entrance entrance) {
        if (!said.word(1).matches(".*\\.[A-Za-z]+")) {
            said.lost(said.word(1) + " may be a folder: tls.certificates names each file");
            return;
        }
        var certificate = new Settings(entrance.settings().place());
        certificate.put("certificateFile", said.word(1), said);
        certificate.put("keyFile", said.word(1));
        entrance.settings().section("tls").add("certificates", certificate);
    }

    private static void verify(Said said, Entrance entrance) {
        var word = said.word(1).toUpperCase(Locale.ROOT);
        entrance.settings().put("tls.clientAuthentication", word, said);
    }

    private static void alpn(Said said, Entrance entrance) {
        if (entrance.http()) {
            entrance.settings()
                    .put("http2.enabled", List.of(said.word(1).split(",")).contains("h2"), said);
        } else {
            said.lost("what is spoken over TLS on a TCP listener is not agreed on");
        }
    }

    private static void minVersion(Said said, Entrance entrance) {
        if (said.word(1).equals("TLSv1.3")) {
            entrance.settings().put("tls.minVersion", "TLSv1.3", said);
        } else if (said.word(1).equals("TLSv1.2")) {
            entrance.settings().put("tls.minVersion", "TLSv1.2", said);
        } else {
            entrance.settings().put("tls.minVersion", "TLSv1.2", said, OLD);
        }
    }

    private static void acceptProxy(Said said, Entrance entrance) {
        entrance.settings()
                .put(
                        "proxyProtocol.trustedProxies",
                        List.of("0.0.0.0/0", "::/0"),
                        said,
                        "name those that send it: whoever reaches the port is believed");
    }
}
