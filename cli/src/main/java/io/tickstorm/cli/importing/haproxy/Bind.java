package io.tickstorm.cli.importing.haproxy;

import io.tickstorm.cli.importing.draft.Said;
import java.util.ArrayList;
import java.util.List;

/** {@code bind}: addresses, each of which opens a listener, and words that hold for all of them. */
final class Bind {
    private static final int MOST_PORTS = 200;

    private Bind() {}

    static void apply(Said said, Proxied proxied) {
        for (var address : said.word(1).split(",")) {
            listen(said, proxied, address);
        }
    }

    private static void listen(Said said, Proxied proxied, String written) {
        var address = written.replaceFirst("^ipv[46]@", "");
        int colon = address.lastIndexOf(':');
        var ports = colon < 0 ? List.<Integer>of() : ports(address.substring(colon + 1));
        if (address.contains("@") || address.startsWith("/") || ports.isEmpty()) {
            said.lost('"' + written + "\" (expected: an address and a port, or up to " + MOST_PORTS + " ports)");
            return;
        }
        for (int port : ports) {
            var entrance = proxied.site()
                    .entrance(
                            proxied.section().name(),
                            said,
                            proxied.http(),
                            host(address.substring(0, colon), written),
                            port);
            proxied.entrances().add(entrance);
            SubWords.of(said, 2, BindRules.WITH_VALUE).forEach(word -> {
                if (BindRules.RULES.of(word) == null) {
                    word.lost("the importer does not know " + word.name());
                } else {
                    BindRules.RULES.apply(word, entrance);
                }
            });
        }
    }

    private static String host(String host, String written) {
        var bare = host.replaceAll("[\\[\\]]", "");
        return bare.isEmpty() || bare.equals("*") ? written.startsWith("ipv6@") ? "::" : "0.0.0.0" : bare;
    }

    private static List<Integer> ports(String text) {
        var ends = text.split("-", 2);
        var first = Values.number(ends[0]);
        var last = ends.length > 1 ? Values.number(ends[1]) : first;
        var ports = new ArrayList<Integer>();
        if (first.isPresent() && last.isPresent() && last.get() - first.get() < MOST_PORTS) {
            for (int port = first.get(); port <= last.get(); port++) {
                ports.add(port);
            }
        }
        return ports;
    }
}
