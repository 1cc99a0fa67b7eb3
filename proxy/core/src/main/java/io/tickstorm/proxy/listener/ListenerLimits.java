package io.tickstorm.proxy.listener;

import io.tickstorm.proxy.settings.Durations;
import io.tickstorm.proxy.settings.Section;
import io.tickstorm.proxy.settings.Sizes;
import java.time.Duration;
import java.util.Map;

/** How much, and how long. A duration of zero means no limit, except for {@link #connectTimeout}, which has one always. */
public sealed interface ListenerLimits {
    /** Connections open at once, 1..1,000,000. */
    int maxConnections();

    /** How long a connection may be silent: between requests for HTTP, in both directions for TCP. */
    Duration idleTimeout();

    /** How long connecting to an upstream may take, over zero. */
    Duration connectTimeout();

    /** The keys and values of a configuration that {@link #read} takes. */
    Map<String, Object> toMap();

    /** The limits that hold where nothing else is said. */
    static ListenerLimits defaults(Protocol protocol) {
        return switch (protocol) {
            case HTTP -> Http.DEFAULT;
            case TCP -> Tcp.DEFAULT;
        };
    }

    static ListenerLimits read(Section section, Protocol protocol) {
        return switch (protocol) {
            case HTTP -> Http.read(section);
            case TCP -> Tcp.read(section);
        };
    }

    /**
     * Limits of an HTTP listener.
     *
     * @param headerTimeout absolute, from the first byte of a head, for the first one from the accept
     * @param requestTimeout for the whole request, all attempts included
     * @param responseTimeout until the head of the upstream's response
     * @param maxHeaderSize bytes of a request's or response's head
     */
    record Http(
            int maxConnections,
            Duration idleTimeout,
            Duration connectTimeout,
            Duration headerTimeout,
            Duration requestTimeout,
            Duration responseTimeout,
            int maxHeaderSize)
            implements ListenerLimits {
        public static final Http DEFAULT = new Http(
                15_000,
                Duration.ofSeconds(75),
                Duration.ofSeconds(1),
                Duration.ofSeconds(10),
                Duration.ZERO,
                Duration.ofSeconds(60),
                16 * 1024);

        private static final int SMALLEST_HEAD = 1024;
        private static final int LARGEST_HEAD = 1024 * 1024;

        public static Http read(Section section) {
            section.refuse("splice", "has no meaning for HTTP (expected: nothing, or protocol: TCP)");
            return new Http(
                    Keys.maxConnections(section, DEFAULT),
                    Keys.timeout(section, "idleTimeout", DEFAULT.idleTimeout()),
                    Keys.connectTimeout(section, DEFAULT),
                    Keys.timeout(section, "headerTimeout", DEFAULT.headerTimeout()),
                    Keys.timeout(section, "requestTimeout", DEFAULT.requestTimeout()),
                    Keys.timeout(section, "responseTimeout", DEFAULT.responseTimeout()),
                    (int) section.size("maxHeaderSize", SMALLEST_HEAD, LARGEST_HEAD, DEFAULT.maxHeaderSize()));
        }

        @Override
        public Map<String, Object> toMap() {
            var map = Keys.toMap(this);
            map.put("headerTimeout", Durations.format(headerTimeout));
            map.put("requestTimeout", Durations.format(requestTimeout));
            map.put("responseTimeout", Durations.format(responseTimeout));
            map.put("maxHeaderSize", Sizes.format(maxHeaderSize));
            return map;
        }
    }

    /**
     * Limits of a TCP listener.
     *
     * @param splice whether the kernel may move the bytes of a connection where they pour
     */
    record Tcp(int maxConnections, Duration idleTimeout, Duration connectTimeout, boolean splice)
            implements ListenerLimits {
        public static final Tcp DEFAULT = new Tcp(15_000, Duration.ofSeconds(60), Duration.ofSeconds(1));

        /** Which splices. */
        public Tcp(int maxConnections, Duration idleTimeout, Duration connectTimeout) {
            this(maxConnections, idleTimeout, connectTimeout, true);
        }

        public static Tcp read(Section section) {
            for (var key : Keys.HTTP_ONLY) {
                section.refuse(key, "has no meaning for TCP (expected: nothing, or protocol: HTTP)");
            }
            return new Tcp(
                    Keys.maxConnections(section, DEFAULT),
                    Keys.timeout(section, "idleTimeout", DEFAULT.idleTimeout()),
                    Keys.connectTimeout(section, DEFAULT),
                    section.bool("splice", DEFAULT.splice()));
        }

        @Override
        public Map<String, Object> toMap() {
            var map = Keys.toMap(this);
            map.put("splice", splice);
            return map;
        }
    }
}
