package io.tickstorm.proxy.route;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values by path prefixes. What it costs to find one does not grow with their number, but with the length of the path, up to
 * that of the longest prefix. Immutable; any thread.
 */
final class PathTable<V> {
    private final BytesTable<Match<V>> prefixes;
    private final @Nullable Match<V> any;
    private final int longest;

    /** @param shorter the next longest prefix that fits the same paths; null = no more */
    record Match<V>(V value, @Nullable Match<V> shorter) {}

    PathTable(Map<PathPrefix, V> values) {
        prefixes = new BytesTable<>(values.size());
        longest = values.keySet().stream()
                .mapToInt(prefix -> prefix.text().length())
                .max()
                .orElse(0);
        var everywhere = values.get(PathPrefix.ANY);
        any = everywhere == null ? null : new Match<>(everywhere, null);
        // the shortest first, so that each finds the one that is shorter than it
        values.entrySet().stream()
                .filter(entry -> !entry.getKey().equals(PathPrefix.ANY))
                .sorted(Comparator.comparing(entry -> entry.getKey().text().length()))
                .forEach(entry -> put(entry.getKey().text().getBytes(StandardCharsets.US_ASCII), entry.getValue()));
    }

    private void put(byte[] prefix, V value) {
        int hash = BytesTable.EMPTY_HASH;
        for (byte b : prefix) {
            hash = BytesTable.step(hash, b);
        }
        prefixes.put(hash, prefix, new Match<>(value, find(prefix, 0, prefix.length)));
    }

    /** Whether it makes a difference what the path is. */
    boolean distinguishes() {
        return longest > 0;
    }

    /** The longest prefix of a path; null if there is none. */
    @Nullable
    Match<V> find(byte[] bytes, int from, int to) {
        var found = any;
        if (longest == 0) {
            return found;
        }
        int hash = BytesTable.EMPTY_HASH;
        int end = Math.min(to, from + longest);
        int at = from;
        for (; at < end; at++) {
            if (bytes[at] == '/' && at > from) {
                found = either(prefixes.find(hash, bytes, from, at, false), found);
            }
            hash = BytesTable.step(hash, bytes[at]);
        }
        boolean endsSegment = at == to || bytes[at] == '/';
        return endsSegment ? either(prefixes.find(hash, bytes, from, at, false), found) : found;
    }

    private static <V> @Nullable Match<V> either(@Nullable Match<V> longer, @Nullable Match<V> shorter) {
        return longer == null ? shorter : longer;
    }
}
