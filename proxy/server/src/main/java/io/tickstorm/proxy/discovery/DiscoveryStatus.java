package io.tickstorm.proxy.discovery;

import java.time.Duration;

/**
 * How far a source can be believed.
 *
 * @param synced whether it has delivered a set at least once
 * @param lastContactAge how long ago the source was last known to be what we have; zero for a source that cannot change
 * @param source what is watched, for people: {@code service default/web}
 */
public record DiscoveryStatus(boolean synced, Duration lastContactAge, String source) {}
