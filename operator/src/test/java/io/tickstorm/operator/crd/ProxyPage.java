package io.tickstorm.operator.crd;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The reference of the proxy's configuration, which is generated from its reader. */
record ProxyPage(String text) {
    private static final Pattern HEADING = Pattern.compile("#+ `(?<section>(listeners|backends)\\[].*)`");
    private static final Pattern ROW = Pattern.compile("\\| `(?<key>[^`]+)` \\|.*");
    private static final String BACKEND = "backends[].";

    /** The keys of listeners, and those of a backend but for where its endpoints come from, as paths under {@code spec.loadBalancer}. */
    List<String> keys() {
        var keys = new ArrayList<String>();
        var section = "";
        for (var line : text.lines().toList()) {
            if (line.startsWith("#")) {
                var heading = HEADING.matcher(line);
                section = heading.matches() ? heading.group("section") + '.' : "";
            }
            var row = ROW.matcher(line);
            if (row.matches() && !section.isEmpty() && !section.equals(BACKEND + "discovery.")) {
                keys.add(section.replace(BACKEND, "") + row.group("key"));
            }
        }
        return keys;
    }
}
