package io.tickstorm.proxy.discovery;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far a source can be believed.
 *
 * @param synced whether it has delivered a set at least once
 * @param lastContactAge how long ago the source was last known to be what we have; zero for a source that cannot change
 * @param source what is watched, for people: {@code service default/web}
 * @param trouble why the source cannot be asked now, for people; null if it can
 * @param relists how often it was asked out of turn, by reason; reasons that it has not are missing
 */
public record DiscoveryStatus(
        boolean synced,
        Duration lastContactAge,
        String source,
        @Nullable String trouble,
        Map<Relist, Long> relists) {
    public DiscoveryStatus {
        relists = Map.copyOf(relists);
    }

    /** Of a source in which nothing is wrong and that is never asked out of turn. */
    public DiscoveryStatus(boolean synced, Duration lastContactAge, String source) {
        this(synced, lastContactAge, source, null, Map.of());
    }
}
