package io.tickstorm.cli.importing.haproxy;

import static io.tickstorm.cli.importing.draft.Rule.carried;
import static io.tickstorm.cli.importing.draft.Rule.differs;
import static io.tickstorm.cli.importing.draft.Rule.lost;
import static io.tickstorm.cli.importing.draft.Rule.unneeded;

import io.tickstorm.cli.importing.draft.Rule;
import io.tickstorm.cli.importing.draft.Said;
import io.tickstorm.cli.importing.draft.Site;
import java.util.List;

/** Section {@code global}: what holds for the process. Told after all listeners are known. */
final class GlobalRules {
    private static final String THREADS = "there is an event loop for each processor; workers sets another number";
    private static final String SUPERVISOR = "a matter of what starts the process: systemd, a container, Kubernetes";
    private static final String TUNING = "sized by itself";

    private GlobalRules() {}

    static List<Rule<Site>> rules() {
        return List.of(
                carried("maxconn", "listeners[].maxConnections of listeners that say none", GlobalRules::maxconn),
                carried(
                        "maxconnrate",
                        "listeners[].maxConnectionRate",
                        (said, site) -> eachListener(said, site, "maxConnectionRate")),
                carried(
                        "maxsessrate",
                        "listeners[].maxConnectionRate",
                        (said, site) -> eachListener(said, site, "maxConnectionRate")),
                carried(
                        "hard-stop-after",
                        "drain.timeout",
                        (said, site) -> Values.time(said, 1)
                                .ifPresent(time -> site.process().put("drain.timeout", time, said))),
                differs(
                        "log",
                        "the access log: JSON lines on standard output, or accessLog.path",
                        (said, site) -> said.differs(
                                "the access log is JSON lines on standard output, or in accessLog.path; there is no syslog")),
                differs(
                        "stats",
                        "the admin API, 127.0.0.1:8404",
                        (said, site) -> said.differs("the admin API has state and changes by hand: 127.0.0.1:8404")),
                carried(
                        "setenv",
                        "is put in where the file names it",
                        (said, site) -> said.carried("put in where the file names it")),
                carried(
                        "presetenv",
                        "is put in where the file names it",
                        (said, site) -> said.carried("put in where the file names it")),
                differs(
                        "ssl-default-bind-options",
                        "TLS 1.2 is the oldest version by default; a bind line says more",
                        (said, site) -> said.differs(
                                "what bind lines say counts; TLS 1.2 is the oldest version that is ever spoken")),
                differs(
                        "ssl-default-bind-ciphers",
                        "cipher suites with forward secrecy and AEAD only",
                        (said, site) -> said.differs(
                                "cipher suites with forward secrecy and AEAD; tls.cipherSuites narrows them")),
                unneeded("ssl-default-bind-ciphersuites", "the three suites of TLS 1.3 are always there"),
                unneeded("ssl-default-bind-curves", "as BoringSSL has them"),
                unneeded("ssl-default-server-options", "TLS 1.2 or 1.3 is spoken with servers"),
                unneeded("ssl-default-server-ciphers", "cipher suites with forward secrecy and AEAD"),
                unneeded("ssl-default-server-ciphersuites", "the three suites of TLS 1.3 are always there"),
                lost(
                        "ssl-server-verify",
                        "certificates of servers are always verified; backends[].tls.caFile says by whom"),
                unneeded("ssl-dh-param-file", "keys are agreed on by elliptic curves"),
                lost("ca-base", "files are named by their whole path"),
                lost("crt-base", "files are named by their whole path"),
                lost("lua-load", "there are no scripts"),
                lost("lua-load-per-thread", "there are no scripts"),
                lost("maxsslconn", "maxConnections counts connections with and without TLS"),
                unneeded("nbthread", THREADS),
                unneeded("nbproc", THREADS),
                unneeded("thread-groups", THREADS),
                unneeded("thread-group", THREADS),
                unneeded("cpu-map", THREADS),
                unneeded("numa-cpu-mapping", THREADS),
                unneeded("daemon", SUPERVISOR),
                unneeded("master-worker", SUPERVISOR),
                unneeded("mworker-max-reloads", SUPERVISOR),
                unneeded("pidfile", SUPERVISOR),
                unneeded("chroot", SUPERVISOR),
                unneeded("user", SUPERVISOR),
                unneeded("group", SUPERVISOR),
                unneeded("uid", SUPERVISOR),
                unneeded("gid", SUPERVISOR),
                unneeded("ulimit-n", SUPERVISOR),
                unneeded("fd-hard-limit", SUPERVISOR),
                unneeded("set-dumpable", SUPERVISOR),
                unneeded("quiet", SUPERVISOR),
                unneeded("zero-warning", SUPERVISOR),
                unneeded("expose-experimental-directives", "for HAProxy alone"),
                unneeded("localpeer", "proxies share nothing"),
                unneeded("node", "for people"),
                unneeded("description", "for people"),
                unneeded("log-send-hostname", "there is no syslog"),
                unneeded("log-tag", "there is no syslog"),
                unneeded("spread-checks", "checks of endpoints begin at different moments"),
                unneeded("server-state-base", "a reload keeps what is known of each endpoint"),
                unneeded("server-state-file", "a reload keeps what is known of each endpoint"),
                unneeded("busy-polling", TUNING),
                unneeded("nosplice", "listeners[].splice"),
                unneeded("noepoll", TUNING),
                unneeded("tune.maxaccept", TUNING),
                unneeded("h1-case-adjust", "names of headers pass as they are written"),
                unneeded("unsetenv", "for HAProxy alone"),
                unneeded("resetenv", "for HAProxy alone"));
    }

    /** What begins with these words is tuning of HAProxy's own. */
    static boolean isTuning(Said said) {
        return said.name().startsWith("tune.")
                || said.name().startsWith("no") && said.words().size() == 1;
    }

    private static void maxconn(Said said, Site site) {
        Values.number(said, 1).ifPresent(most -> {
            var without = site.entrances().stream()
                    .filter(entrance ->
                            entrance.settings().value("maxConnections").isEmpty())
                    .toList();
            if (without.isEmpty()) {
                said.unneeded("every listener says its own");
            }
            for (var entrance : without) {
                if (site.entrances().size() == 1) {
                    entrance.settings().put("maxConnections", most, said);
                } else {
                    entrance.settings().put("maxConnections", most, said, "for each listener, not for all together");
                }
            }
        });
    }

    private static void eachListener(Said said, Site site, String key) {
        Values.number(said, 1)
                .ifPresent(rate ->
                        site.entrances().forEach(entrance -> entrance.settings().putOnce(key, rate, said)));
    }
}
