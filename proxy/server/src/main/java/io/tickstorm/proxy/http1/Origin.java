package io.tickstorm.proxy.http1;

import io.tickstorm.proxy.listener.ForwardedSettings;
import io.tickstorm.proxy.listener.ForwardedSettings.Header;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a trusted proxy says of where a request comes from. Immutable.
 *
 * <p>The client is the nearest that is no trusted proxy: the list is read from its end, which the trusted ones have written,
 * and the first address beyond them is believed; what stands before it anybody may have written. If all are trusted, it is the
 * first one.
 *
 * @param client whom we take for the client
 * @param path the hops before the proxy, as it was told: the list that we add to; empty if it says nothing
 * @param proto {@code http} or {@code https}; null if it does not say
 * @param host what the client asked for; null if it does not say
 * @param port where the client came in; null if it does not say
 * @param realIp as it says in {@code X-Real-IP}; null if it does not say
 */
public record Origin(
        InetAddress client,
        String path,
        @Nullable String proto,
        @Nullable String host,
        @Nullable String port,
        @Nullable String realIp) {
    /** Hops that are looked at, from the last one on: a list that is longer has gone in circles. */
    private static final int MOST_HOPS = 64;

    /** Characters of the list that are passed on; of a longer one its end. */
    private static final int LONGEST_PATH = 2_048;

    private static final String SEPARATOR = ", ";

    /**
     * Reads what a proxy says.
     *
     * @param proxy its address, which is trusted
     */
    static Origin of(Fields fields, ForwardedSettings settings, InetAddress proxy) {
        return settings.header() == Header.FORWARDED
                ? ofForwarded(fields, settings, proxy)
                : ofXForwarded(fields, settings, proxy);
    }

    private static Origin ofForwarded(Fields fields, ForwardedSettings settings, InetAddress proxy) {
        var elements = ForwardedField.parse(fields.joined("forwarded"));
        if (elements == null) {
            return new Origin(proxy, "", null, null, null, null);
        }
        return new Origin(
                client(elements.stream().map(ForwardedField.Element::client).toList(), settings, proxy),
                path(elements.stream().map(ForwardedField.Element::text).toList()),
                null,
                null,
                null,
                null);
    }

    private static Origin ofXForwarded(Fields fields, ForwardedSettings settings, InetAddress proxy) {
        var hops = new ArrayList<String>();
        for (var hop : fields.joined("x-forwarded-for").split(",")) {
            if (!hop.isBlank()) {
                hops.add(hop.strip());
            }
        }
        var proto = fields.only("x-forwarded-proto").toLowerCase(Locale.ROOT);
        var host = fields.only("x-forwarded-host");
        var port = fields.only("x-forwarded-port");
        var realIp = fields.only("x-real-ip");
        return new Origin(
                client(hops, settings, proxy),
                path(hops),
                proto.equals("http") || proto.equals("https") ? proto : null,
                Host.valid(host) ? host : null,
                port.matches("[1-9][0-9]{0,4}") && Integer.parseInt(port) <= 65_535 ? port : null,
                Node.address(realIp) == null ? null : realIp);
    }

    private static InetAddress client(List<String> hops, ForwardedSettings settings, InetAddress proxy) {
        var believed = proxy;
        int last = Math.max(0, hops.size() - MOST_HOPS);
        for (int i = hops.size() - 1; i >= last && settings.trusts(believed); i--) {
            var address = Node.address(hops.get(i));
            if (address == null) {
                break;
            }
            believed = address;
        }
        return believed;
    }

    private static String path(List<String> hops) {
        int first = hops.size();
        int length = 0;
        while (first > 0 && length + hops.get(first - 1).length() <= LONGEST_PATH) {
            first--;
            length += hops.get(first).length() + SEPARATOR.length();
        }
        return String.join(SEPARATOR, hops.subList(first, hops.size()));
    }
}
