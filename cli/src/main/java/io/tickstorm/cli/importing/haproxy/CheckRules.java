package io.tickstorm.cli.importing.haproxy;

import static io.tickstorm.cli.importing.draft.Rule.carried;
import static io.tickstorm.cli.importing.draft.Rule.differs;
import static io.tickstorm.cli.importing.draft.Rule.lost;

import io.tickstorm.cli.importing.draft.Pool;
import io.tickstorm.cli.importing.draft.Rule;
import io.tickstorm.cli.importing.draft.Said;
import io.tickstorm.cli.importing.draft.Settings;
import io.tickstorm.cli.importing.draft.Verdict;
import io.tickstorm.proxy.settings.ByteText;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** What servers are asked to find out whether they are well. */
final class CheckRules {
    private static final Duration INTERVAL = Duration.ofSeconds(2);
    private static final String NO_HTTP = "the check speaks no HTTP";

    private CheckRules() {}

    static List<Rule<Proxied>> rules() {
        return List.of(
                differs("option httpchk", "backends[].healthCheck: type HTTP, a GET", onCheck(CheckRules::httpchk)),
                carried("http-check expect", "backends[].healthCheck.expectedStatus", onCheck(CheckRules::expect)),
                carried("http-check send", "backends[].healthCheck.path", onCheck(CheckRules::send)),
                carried("http-check connect", "backends[].healthCheck.port", onCheck(CheckRules::connect)),
                lost("http-check send-state", "servers are not told what is thought of them"),
                lost(
                        "http-check disable-on-404",
                        "an endpoint that should get no new work is drained by the admin API"),
                lost("http-check comment", "logs say what a check found in words of their own"),
                carried(
                        "option tcp-check",
                        "backends[].healthCheck: type TCP",
                        onCheck((said, check) -> check.put("type", "TCP", said))),
                carried("tcp-check connect", "backends[].healthCheck.port", onCheck(CheckRules::connect)),
                carried(
                        "tcp-check send",
                        "backends[].healthCheck.send",
                        onCheck((said, check) -> talk(said, check, "send", said.word(2)))),
                carried(
                        "tcp-check send-binary",
                        "backends[].healthCheck.send",
                        onCheck((said, check) -> talk(said, check, "send", bytes(said.word(2))))),
                carried("tcp-check expect", "backends[].healthCheck.expect", onCheck(CheckRules::tcpExpect)),
                lost("tcp-check comment", "logs say what a check found in words of their own"),
                carried(
                        "option redis-check",
                        "backends[].healthCheck: type TCP, PING and +PONG",
                        onCheck((said, check) -> {
                            check.put("type", "TCP", said);
                            check.put("send", new ByteText("*1\r\n$4\r\nPING\r\n").toString());
                            check.put("expect", "+PONG");
                        })),
                differs("option smtpchk", "backends[].healthCheck: type TCP, expect 220", onCheck((said, check) -> {
                    check.put("type", "TCP", said, "the greeting is enough");
                    check.put("expect", "220");
                })),
                differs("option mysql-check", "backends[].healthCheck: type TCP", onCheck(CheckRules::connectionOnly)),
                differs("option pgsql-check", "backends[].healthCheck: type TCP", onCheck(CheckRules::connectionOnly)),
                differs("option ldap-check", "backends[].healthCheck: type TCP", onCheck(CheckRules::connectionOnly)),
                differs(
                        "option ssl-hello-chk",
                        "backends[].healthCheck: type TCP",
                        onCheck(CheckRules::connectionOnly)),
                lost("option external-check", "checks are HTTP, TCP or gRPC, not programs"),
                lost("external-check", "checks are HTTP, TCP or gRPC, not programs"),
                carried(
                        "option log-health-checks",
                        "each change of a standing is logged with its reason",
                        (said, proxied) -> said.carried("each change of a standing is logged with its reason")));
    }

    private interface OnCheck {
        void apply(Said said, Settings check);
    }

    private static Rule.Translation<Proxied> onCheck(OnCheck action) {
        return (said, proxied) ->
                proxied.onPool(pool -> action.apply(said, pool.settings().section("healthCheck")));
    }

    private static void httpchk(Said said, Settings check) {
        var words = said.words();
        check.put("type", "HTTP");
        var method = words.size() > 3 ? words.get(2) : "OPTIONS";
        var path = words.size() > 3 ? words.get(3) : words.size() > 2 ? words.get(2) : "/";
        if (words.size() == 2) {
            said.tell(Verdict.CARRIED, "healthCheck.type: HTTP", check.place());
            check.put("path", check.value("path").orElse("/"));
            return;
        }
        if (method.equals("GET")) {
            check.put("path", path, said);
        } else {
            check.put("path", path, said, "by GET, not " + method);
        }
        if (words.size() > 5) {
            said.differs("no headers are sent but Host");
        }
    }

    private static void send(Said said, Settings check) {
        check.put("type", "HTTP");
        said.after("uri").ifPresent(path -> check.put("path", path, said));
        var method = said.after("meth").orElse("GET");
        if (!method.equals("GET")) {
            said.differs("by GET, not " + method);
        }
        if (said.words().contains("hdr") || said.words().contains("body")) {
            said.differs("no headers are sent but Host, and no body");
        } else if (said.after("uri").isEmpty()) {
            said.carried("healthCheck.path: /");
        }
    }

    private static void expect(Said said, Settings check) {
        var words = said.words().stream()
                .skip(2)
                .filter(word -> !word.equals("expect"))
                .toList();
        int at = words.indexOf("status") >= 0 ? words.indexOf("status") : words.indexOf("rstatus");
        if (at < 0 || at + 1 >= words.size() || words.contains("!")) {
            said.lost("the status alone is judged (healthCheck.expectedStatus), by what passes");
            return;
        }
        var pattern = words.get(at + 1);
        if (words.get(at).equals("status")) {
            check.put("expectedStatus", pattern.replaceAll(",.*", ""), said);
        } else {
            // ^2, ^2.., 2[0-9][0-9], (2|3)[0-9][0-9]
            var range = pattern.replaceAll("\\^|\\$|\\.|\\[0-9]|\\\\d", "")
                    .replaceAll("^\\((\\d)\\|(\\d)\\)$", "$1-$2")
                    .replaceAll("^\\[(\\d)-?(\\d)]$", "$1-$2");
            if (range.matches("\\d")) {
                check.put("expectedStatus", range + "00-" + range + "99", said);
            } else if (range.matches("\\d-\\d")) {
                check.put("expectedStatus", range.charAt(0) + "00-" + range.charAt(2) + "99", said);
            } else {
                said.lost(pattern + " (expected: a status or a range)");
            }
        }
    }

    private static void connect(Said said, Settings check) {
        said.after("port").flatMap(Values::number).ifPresent(port -> check.putOnce("port", port, said));
        if (said.after("port").isEmpty()) {
            said.carried("each check connects");
        }
        if (said.words().contains("ssl")) {
            said.differs("checks use TLS if the backend has tls");
        }
    }

    private static void talk(Said said, Settings check, String key, String text) {
        if (check.value(key).isPresent()) {
            said.lost("a check says one thing and expects one");
        } else {
            check.put(key, new ByteText(text).toString(), said);
        }
    }

    private static void tcpExpect(Said said, Settings check) {
        if (said.words().contains("!") || Set.of("rstring", "rbinary").stream().anyMatch(said.words()::contains)) {
            said.lost("a check expects bytes that must come, not a pattern");
        } else if (said.after("string").isPresent()) {
            talk(said, check, "expect", said.after("string").get());
        } else {
            talk(said, check, "expect", bytes(said.after("binary").orElse("")));
        }
    }

    private static void connectionOnly(Said said, Settings check) {
        check.put("type", "TCP", said, "a connection is enough");
    }

    private static String bytes(String hex) {
        var text = new StringBuilder();
        for (int i = 0; i + 1 < hex.length() && hex.matches("[0-9A-Fa-f]*"); i += 2) {
            text.append((char) Integer.parseInt(hex.substring(i, i + 2), 16));
        }
        return text.toString();
    }

    /** What HAProxy does unless it is told otherwise; and no check at all if no server has one. */
    static void finish(Proxied proxied, Pool pool) {
        var settings = pool.settings();
        boolean asks =
                proxied.servers().stream().anyMatch(server -> server.words().contains("check"))
                        || checksByDefault(proxied);
        if (!asks) {
            settings.drop("healthCheck", Verdict.UNNEEDED, "no server has check");
            return;
        }
        var check = settings.section("healthCheck");
        var type = check.value("type").map(String::valueOf).orElse("TCP");
        check.put("type", type);
        if (type.equals("HTTP")) {
            if (check.value("path").isEmpty()) {
                check.put("path", "/");
            }
            check.drop("send", Verdict.LOST, NO_HTTP.replace("no HTTP", "HTTP alone"));
            check.drop("expect", Verdict.LOST, NO_HTTP.replace("no HTTP", "HTTP alone"));
        } else {
            check.drop("path", Verdict.LOST, NO_HTTP);
            check.drop("expectedStatus", Verdict.LOST, NO_HTTP);
        }
        var interval = check.value("interval").map(Duration.class::cast).orElse(INTERVAL);
        check.put("interval", interval);
        check.put("rise", check.value("rise").orElse(2));
        check.put("fall", check.value("fall").orElse(3));
        proxied.timeout("check").ifPresent(timeout -> {
            if (timeout.value().compareTo(interval) > 0) {
                check.put("timeout", interval, timeout.by(), "no longer than the interval");
            } else {
                check.put("timeout", timeout.value(), timeout.by());
            }
        });
        proxied.servers().stream()
                .filter(server -> !server.words().contains("check") && !checksByDefault(proxied))
                .forEach(server ->
                        server.tell(Verdict.DIFFERS, "is checked as the others of its backend are", settings.place()));
    }

    private static boolean checksByDefault(Proxied proxied) {
        return proxied.serverDefaults().stream().anyMatch(word -> word.name().equals("check"));
    }
}
