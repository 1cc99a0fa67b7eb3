package io.tickstorm.proxy.settings;

import java.util.Collection;
import java.util.Locale;

/** Guesses which key was meant. */
final class Spelling {
    // A third of the letters may be wrong: "prot" finds "port", "name" does not find "path".
    private static final int LETTERS_PER_SLIP = 3;

    private Spelling() {}

    static String unknown(String key, Collection<String> known) {
        var nearest = "";
        int slips = Math.max(1, key.length() / LETTERS_PER_SLIP) + 1;
        for (var candidate : known) {
            int distance = distance(key.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
            if (distance < slips) {
                nearest = candidate;
                slips = distance;
            }
        }
        if (!nearest.isEmpty()) {
            return "unknown key (did you mean " + nearest + "?)";
        }
        return known.isEmpty()
                ? "unknown key (expected: none)"
                : "unknown key (expected: " + String.join(", ", known) + ")";
    }

    /** Optimal string alignment: insertions, deletions, replacements and swaps of neighbours. */
    private static int distance(String from, String to) {
        var table = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                if (i == 0 || j == 0) {
                    table[i][j] = i + j;
                    continue;
                }
                boolean same = from.charAt(i - 1) == to.charAt(j - 1);
                int best = Math.min(table[i - 1][j], table[i][j - 1]) + 1;
                best = Math.min(best, table[i - 1][j - 1] + (same ? 0 : 1));
                if (i > 1
                        && j > 1
                        && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1)) {
                    best = Math.min(best, table[i - 2][j - 2] + 1);
                }
                table[i][j] = best;
            }
        }
        return table[from.length()][to.length()];
    }
}
