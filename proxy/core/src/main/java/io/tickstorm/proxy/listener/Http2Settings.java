package io.tickstorm.proxy.listener;

import io.tickstorm.proxy.settings.Section;
import io.tickstorm.proxy.settings.Sizes;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * HTTP/2 towards clients; its deadlines and the size of a head are those of {@link ListenerLimits.Http}. A change holds for new
 * connections.
 *
 * @param enabled whether it is offered, over TLS and to clients that begin with it
 * @param maxConcurrentStreams requests of one connection that run at once, 1..10,000
 * @param streamWindow bytes of a request's body that may come before its server takes some, 16 KiB..16 MiB
 * @param connectionWindow the same of a connection as long as bytes are on their way to us, 64 KiB..256 MiB
 * @param maxStreams requests after which a client is asked to open a new connection, 1..1,000,000,000; 0 = never
 * @param maxResets streams that may be reset at once beyond those that were answered, 1..100,000; back after 30 s
 * @param maxIdleFrames frames that carry nothing, at once, 10..1,000,000; back after 10 s
 */
public record Http2Settings(
        boolean enabled,
        int maxConcurrentStreams,
        int streamWindow,
        int connectionWindow,
        int maxStreams,
        int maxResets,
        int maxIdleFrames) {
    public static final Http2Settings DEFAULT =
            new Http2Settings(true, 100, 64 * 1024, 1024 * 1024, 100_000, 200, 1000);

    private static final int MOST_CONCURRENT = 10_000;
    private static final long SMALLEST_STREAM_WINDOW = 16 * 1024;
    private static final long LARGEST_STREAM_WINDOW = 16 * 1024 * 1024;
    private static final long SMALLEST_WINDOW = 64 * 1024;
    private static final long LARGEST_WINDOW = 256 * 1024 * 1024;
    private static final int MOST_STREAMS = 1_000_000_000;
    private static final int MOST_RESETS = 100_000;
    private static final int FEWEST_IDLE_FRAMES = 10;
    private static final int MOST_IDLE_FRAMES = 1_000_000;

    /** Reads {@code http2} of an HTTP listener. */
    public static Http2Settings read(Section section) {
        return new Http2Settings(
                section.bool("enabled", DEFAULT.enabled),
                section.integer("maxConcurrentStreams", 1, MOST_CONCURRENT, DEFAULT.maxConcurrentStreams),
                (int) section.size("streamWindow", SMALLEST_STREAM_WINDOW, LARGEST_STREAM_WINDOW, DEFAULT.streamWindow),
                (int) section.size("connectionWindow", SMALLEST_WINDOW, LARGEST_WINDOW, DEFAULT.connectionWindow),
                section.integer("maxStreams", 0, MOST_STREAMS, DEFAULT.maxStreams),
                section.integer("maxResets", 1, MOST_RESETS, DEFAULT.maxResets),
                section.integer("maxIdleFrames", FEWEST_IDLE_FRAMES, MOST_IDLE_FRAMES, DEFAULT.maxIdleFrames));
    }

    public Map<String, Object> toMap() {
        var map = new LinkedHashMap<String, Object>();
        map.put("enabled", enabled);
        map.put("maxConcurrentStreams", maxConcurrentStreams);
        map.put("streamWindow", Sizes.format(streamWindow));
        map.put("connectionWindow", Sizes.format(connectionWindow));
        map.put("maxStreams", maxStreams);
        map.put("maxResets", maxResets);
        map.put("maxIdleFrames", maxIdleFrames);
        return map;
    }
}
