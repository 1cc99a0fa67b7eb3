package io.tickstorm.proxy.balance;

import io.tickstorm.proxy.settings.Section;
import java.util.Map;

/** How work is shared out. */
public record BalancingSettings(Kind policy) {
    public static final BalancingSettings DEFAULT = new BalancingSettings(Kind.LEAST_CONNECTIONS);

    /** The policies there are, by the names that configurations use. */
    public enum Kind {
        LEAST_CONNECTIONS("LeastConnections"),
        ROUND_ROBIN("RoundRobin");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    public static BalancingSettings read(Section section) {
        return new BalancingSettings(section.enumeration("policy", DEFAULT.policy()));
    }

    public Map<String, Object> toMap() {
        return Map.of("policy", policy.toString());
    }
}
