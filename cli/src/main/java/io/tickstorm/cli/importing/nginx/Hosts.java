package io.tickstorm.cli.importing.nginx;

import io.tickstorm.cli.importing.draft.Said;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The names of a server, as the hosts of a route.
 *
 * @param names that can be carried over
 * @param said where they stand
 */
record Hosts(List<String> names, List<Said> said) {
    static Hosts of(Directive server) {
        var names = new ArrayList<String>();
        var said = server.children("server_name").stream().map(Directive::said).toList();
        said.stream()
                .flatMap(line -> line.arguments().stream())
                .forEach(name -> add(names, name.toLowerCase(Locale.ROOT)));
        return new Hosts(List.copyOf(names), said);
    }

    private static void add(List<String> names, String name) {
        if (name.startsWith(".")) {
            names.add(name.substring(1));
            names.add("*" + name);
        } else if (isCarried(name)) {
            names.add(name);
        }
    }

    private static boolean isCarried(String name) {
        return name.matches("(\\*\\.)?[a-z0-9_.-]*[a-z0-9]");
    }

    /** Tells of names that no route can have. */
    void tell() {
        for (var line : said) {
            for (var name : line.arguments()) {
                if (name.equals("_") || name.isEmpty()) {
                    line.carried("no host");
                } else if (name.startsWith(".") || isCarried(name.toLowerCase(Locale.ROOT))) {
                    line.carried("in the hosts of routes");
                } else {
                    line.lost(name + ": a host is a name, or *. and a domain");
                }
            }
        }
    }
}
