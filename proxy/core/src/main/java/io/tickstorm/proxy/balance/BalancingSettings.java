package io.tickstorm.proxy.balance;

import io.tickstorm.proxy.settings.Section;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How work is shared out.
 *
 * @param hash what the policies that choose by a key do; present exactly with those ({@link Kind#hashes()})
 * @param slowStart how a new upstream comes up to its share
 * @param panicThreshold percent of the ACTIVE upstreams that must be healthy, 0..100: below it all of them get work; 0 = only
 *     when none is healthy
 * @param zoneHints whether upstreams that discovery hints to another zone are left out, as kube-proxy does it
 */
public record BalancingSettings(
        Kind policy, @Nullable HashSettings hash, SlowStartSettings slowStart, int panicThreshold, boolean zoneHints) {
    // Half of them: as Envoy has it. Were fewer to carry all of the load, those would be the next to fall.
    private static final int PANIC_THRESHOLD = 50;

    public static final BalancingSettings DEFAULT = new BalancingSettings(Kind.LEAST_CONNECTIONS);

    /** The policies there are, by the names that configurations use. */
    public enum Kind {
        LEAST_CONNECTIONS("LeastConnections"),
        ROUND_ROBIN("RoundRobin"),
        POWER_OF_TWO_CHOICES("PowerOfTwoChoices"),
        PEAK_EWMA("PeakEwma"),
        RANDOM("Random"),
        CONSISTENT_HASH("ConsistentHash"),
        /** {@link #CONSISTENT_HASH} on the address of the client. */
        SOURCE_IP_HASH("SourceIpHash");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        /** Whether it chooses by a key. */
        public boolean hashes() {
            return this == CONSISTENT_HASH || this == SOURCE_IP_HASH;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    public BalancingSettings {
        if ((hash != null) != policy.hashes()) {
            throw new IllegalArgumentException(
                    "hash: " + hash + " (expected: exactly with a hash policy, not " + policy + ")");
        }
    }

    /** A policy, and the default for all else. */
    public BalancingSettings(Kind policy) {
        this(policy, policy.hashes() ? HashSettings.DEFAULT : null, SlowStartSettings.DEFAULT, PANIC_THRESHOLD, true);
    }

    public static BalancingSettings read(Section section) {
        var policy = section.enumeration("policy", Kind.LEAST_CONNECTIONS);
        if (!policy.hashes()) {
            section.refuse("hash", "(expected: only with the policies ConsistentHash and SourceIpHash)");
        }
        return new BalancingSettings(
                policy,
                policy.hashes() ? section.section("hash", hash -> HashSettings.read(hash, policy)) : null,
                section.section("slowStart", SlowStartSettings::read),
                section.integer("panicThreshold", 0, 100, PANIC_THRESHOLD),
                section.bool("zoneHints", true));
    }

    public Map<String, Object> toMap() {
        var map = new LinkedHashMap<String, Object>();
        map.put("policy", policy.toString());
        if (hash != null) {
            map.put("hash", hash.toMap());
        }
        map.put("slowStart", slowStart.toMap());
        map.put("panicThreshold", panicThreshold);
        map.put("zoneHints", zoneHints);
        return map;
    }
}
