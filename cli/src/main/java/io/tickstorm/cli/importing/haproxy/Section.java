package io.tickstorm.cli.importing.haproxy;

import io.tickstorm.cli.importing.draft.Said;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A section of the file.
 *
 * @param header its first line, such as {@code backend web}
 * @param defaults the section that it inherits from
 * @param lines what it says itself
 */
record Section(Said header, @Nullable Section defaults, List<Said> lines) {
    String kind() {
        return header.name();
    }

    String name() {
        return header.word(1);
    }

    /** What it inherits, then what it says. */
    List<Said> all() {
        var all = new ArrayList<Said>();
        if (defaults != null) {
            all.addAll(defaults.all());
        }
        all.addAll(lines);
        return all;
    }

    boolean inherits(Said said) {
        return !lines.contains(said);
    }
}
