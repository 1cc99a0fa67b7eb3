package io.tickstorm.cli.importing.haproxy;

import io.tickstorm.cli.importing.draft.Pool;
import io.tickstorm.cli.importing.draft.Said;
import io.tickstorm.cli.importing.draft.Settings;
import io.tickstorm.cli.importing.draft.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code server} and {@code server-template}: an endpoint, and words of which most hold for its backend as a whole. */
final class Server {
    /** What the words of a server line are about. */
    record Target(Proxied proxied, Pool pool, Settings endpoint) {}

    private Server() {}

    static void apply(Said said, Proxied proxied, Pool pool) {
        boolean template = said.name().equals("server-template");
        var written = said.word(template ? 3 : 2);
        var words = words(said, template ? 4 : 3, proxied);
        var address = written.replaceFirst("^ipv[46]@", "");
        int colon = address.lastIndexOf(':');
        var port = Values.number(colon < 0 ? "" : address.substring(colon + 1));
        if (address.contains("@") || address.startsWith("/") || port.isEmpty()) {
            said.lost('"' + written + "\" (expected: an address and a port of the server)");
            return;
        }
        var host = address.substring(0, colon).replaceAll("[\\[\\]]", "");
        if (template) {
            template(said, proxied, pool, host, port.get());
        } else if (leavesOut(said, pool, words)) {
            return;
        }
        var endpoint = template
                ? new Settings("")
                : find(words, "backup").isPresent() ? pool.standBy(host, port.get()) : pool.server(host, port.get());
        if (!template) {
            endpoint.put("name", said.word(1));
            endpoint.tell(said, Verdict.CARRIED, "discovery.static");
        }
        var target = new Target(proxied, pool, endpoint);
        for (var word : words) {
            if (ServerRules.RULES.of(word) == null) {
                word.lost("the importer does not know " + word.name());
            } else {
                ServerRules.RULES.apply(word, target);
            }
        }
        if (find(words, "ssl").isPresent()) {
            secure(said, words, pool, host);
        }
    }

    /** Those of default-server that the server does not say anew, then its own. */
    private static List<Said> words(Said said, int from, Proxied proxied) {
        var own = SubWords.of(said, from, ServerRules.WITH_VALUE);
        var words = new ArrayList<Said>();
        proxied.serverDefaults().stream()
                .filter(word -> find(own, word.name()).isEmpty())
                .forEach(words::add);
        words.addAll(own);
        return words;
    }

    private static Optional<Said> find(List<Said> words, String name) {
        return words.stream().filter(word -> word.name().equals(name)).findFirst();
    }

    private static boolean leavesOut(Said said, Pool pool, List<Said> words) {
        boolean nothing =
                find(words, "weight").map(weight -> weight.word(1).equals("0")).orElse(false);
        if (find(words, "disabled").isPresent() || nothing) {
            said.tell(
                    Verdict.DIFFERS,
                    "left out, since it gets no work; add it, or resume it by the admin API, when it should",
                    pool.settings().place());
            return true;
        }
        return false;
    }

    private static void template(Said said, Proxied proxied, Pool pool, String host, int port) {
        boolean srv = host.startsWith("_");
        pool.settings().put("discovery.dns.name", host, said);
        if (srv) {
            pool.settings().put("discovery.dns.type", "SRV");
        } else {
            pool.settings().put("discovery.dns.port", port);
        }
        said.after("resolvers")
                .map(proxied.tables()::nameServers)
                .filter(servers -> !servers.isEmpty())
                .ifPresent(servers -> pool.settings().put("discovery.dns.resolvers", servers));
        said.differs(
                "as many endpoints as the DNS has addresses, whatever the number of slots; the hosts file is not asked");
    }

    /** TLS to servers, whose certificates are always verified. */
    private static void secure(Said said, List<Said> words, Pool pool, String host) {
        var settings = pool.settings();
        if (settings.value("tls.serverName").isEmpty()) {
            settings.put("tls.serverName", host);
        }
        boolean verified = find(words, "verify")
                .map(word -> word.word(1).equals("required"))
                .orElse(false);
        said.tell(
                verified ? Verdict.CARRIED : Verdict.DIFFERS,
                verified ? "tls" : "tls: certificates of servers are verified here; caFile says who signs them",
                settings.place());
    }
}
