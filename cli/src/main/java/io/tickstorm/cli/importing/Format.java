package io.tickstorm.cli.importing;

import io.tickstorm.cli.importing.haproxy.HaproxyImport;
import java.util.Optional;

/** Whose configuration is read. */
public enum Format {
    HAPROXY("HAProxy"),
    NGINX("nginx");

    private final String people;

    Format(String people) {
        this.people = people;
    }

    /** Its name as people write it. */
    public String people() {
        return people;
    }

    /** What a text is by what it says; empty if it is neither. */
    public static Optional<Format> of(String text) {
        var lines = text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
        if (lines.stream().anyMatch(HaproxyImport::begins)) {
            return Optional.of(HAPROXY);
        }
        return lines.stream().anyMatch(line -> line.matches("[^#]*[;{}]\\s*(#.*)?"))
                ? Optional.of(NGINX)
                : Optional.empty();
    }
}
