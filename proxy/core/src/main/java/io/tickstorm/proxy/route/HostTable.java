package io.tickstorm.proxy.route;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values by hosts and domains. What it costs to find one does not grow with their number, but with the labels of the host that
 * is asked for. Immutable; any thread.
 */
public final class HostTable<V> {
    private final BytesTable<Match<V>> exact;
    private final BytesTable<Match<V>> domains;
    private final boolean hasDomains;
    private final boolean hasLiterals;

    /**
     * A pattern that fits.
     *
     * @param wider the next one that fits the same hosts, from the nearest to the widest domain; null = no more
     */
    public record Match<V>(V value, @Nullable Match<V> wider) {}

    public HostTable(Map<HostPattern, V> values) {
        exact = new BytesTable<>(values.size());
        domains = new BytesTable<>(values.size());
        hasDomains = values.keySet().stream().anyMatch(HostPattern::wildcard);
        hasLiterals = values.keySet().stream().anyMatch(host -> host.name().startsWith("["));
        // the widest first, so that each finds the one that is wider than it
        values.entrySet().stream()
                .sorted(Comparator.comparing((Map.Entry<HostPattern, V> entry) ->
                                !entry.getKey().wildcard())
                        .thenComparing(entry -> entry.getKey().name().length()))
                .forEach(entry -> put(entry.getKey(), entry.getValue()));
    }

    private void put(HostPattern host, V value) {
        var name = host.name().getBytes(StandardCharsets.US_ASCII);
        var match = new Match<>(value, domain(name, 0, name.length));
        (host.wildcard() ? domains : exact).put(hash(name, 0, name.length), name, match);
    }

    /**
     * The narrowest pattern that fits a host. Letters are compared without case, one dot at the end says nothing, and IPv6
     * addresses are compared by what they mean.
     *
     * @param from of the host in these bytes, without a port; an empty range is no host
     * @return null if none fits
     */
    public @Nullable Match<V> find(byte[] bytes, int from, int to) {
        if (from == to) {
            return null;
        }
        if (bytes[from] == '[') {
            return hasLiterals ? literal(bytes, from, to) : null;
        }
        int end = bytes[to - 1] == '.' ? to - 1 : to;
        var found = exact.find(hash(bytes, from, end), bytes, from, end, true);
        return found == null ? domain(bytes, from, end) : found;
    }

    private @Nullable Match<V> literal(byte[] bytes, int from, int to) {
        try {
            var text = new String(bytes, from + 1, to - from - 2, StandardCharsets.ISO_8859_1);
            var name = ('[' + InetAddress.ofLiteral(text).getHostAddress() + ']').getBytes(StandardCharsets.US_ASCII);
            return exact.find(hash(name, 0, name.length), name, 0, name.length, true);
        } catch (IllegalArgumentException noAddress) {
            return null;
        }
    }

    /** The nearest domain in which this host is. */
    private @Nullable Match<V> domain(byte[] bytes, int from, int to) {
        if (!hasDomains) {
            return null;
        }
        @Nullable Match<V> nearest = null;
        int hash = BytesTable.EMPTY_HASH;
        for (int at = to - 1; at > from; at--) {
            if (bytes[at] == '.') {
                var found = domains.find(hash, bytes, at + 1, to, true);
                nearest = found == null ? nearest : found;
            }
            hash = BytesTable.step(hash, BytesTable.lower(bytes[at]));
        }
        return nearest;
    }

    /** From the end, so that the hashes of all domains of a host come up on the way. */
    private static int hash(byte[] bytes, int from, int to) {
        int hash = BytesTable.EMPTY_HASH;
        for (int at = to - 1; at >= from; at--) {
            hash = BytesTable.step(hash, BytesTable.lower(bytes[at]));
        }
        return hash;
    }
}
