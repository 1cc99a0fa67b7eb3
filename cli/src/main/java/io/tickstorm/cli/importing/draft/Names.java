package io.tickstorm.cli.importing.draft;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Names as the result takes them: unique, of at most so many of {@code a-z 0-9 -}, with a letter among them. */
final class Names {
    private final int longest;
    private final Set<String> taken;

    Names(int longest, Set<String> reserved) {
        this.longest = longest;
        this.taken = new HashSet<>(reserved);
    }

    /** A name that is as near to {@code wanted} as can be. */
    String unique(String wanted, String otherwise) {
        var base = plain(wanted, otherwise);
        var name = cut(base, longest);
        for (int number = 2; !taken.add(name); number++) {
            var ending = "-" + number;
            name = cut(base, longest - ending.length()) + ending;
        }
        return name;
    }

    /** What of a text can be a name; {@code otherwise} if nothing can. */
    static String plain(String wanted, String otherwise) {
        var plain =
                wanted.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-+|-+$", "");
        return plain.matches(".*[a-z].*") ? plain : plain.isEmpty() ? otherwise : otherwise + "-" + plain;
    }

    private static String cut(String name, int length) {
        return name.length() <= length ? name : name.substring(0, length).replaceAll("-+$", "");
    }
}
