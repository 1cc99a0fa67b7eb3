package io.tickstorm.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * When more or fewer replicas are recommended.
 *
 * @param enabled whether {@code /autoscaling} is served
 * @param scaleUpThreshold part of {@code connectionsPerInstance} from which on more are recommended, above {@code
 *     scaleDownThreshold}, at most 1
 * @param scaleDownThreshold part of it below which fewer are, above 0
 * @param connectionsPerInstance what one replica is meant to hold, 1..100,000,000
 * @param cpuTarget percent of its processors above which more are recommended, 1..100
 * @param memoryTarget the same for memory
 */
public record ScalingSettings(
        boolean enabled,
        double scaleUpThreshold,
        double scaleDownThreshold,
        int connectionsPerInstance,
        int cpuTarget,
        int memoryTarget) {
    public static final ScalingSettings DEFAULT = new ScalingSettings(true, 0.8, 0.3, 80_000, 70, 80);

    private static final String PREFIX = "AUTOSCALING_";
    private static final int MOST_CONNECTIONS = 100_000_000;

    /**
     * Reads the variables that begin with {@code AUTOSCALING_}; those that are not set, or blank, have their default.
     *
     * @throws IllegalArgumentException with one line for each variable that is wrong
     */
    public static ScalingSettings of(Map<String, String> environment) {
        var reader = new Reader(environment);
        var settings = new ScalingSettings(
                reader.bool("ENABLED", DEFAULT.enabled()),
                reader.part("SCALE_UP_THRESHOLD", DEFAULT.scaleUpThreshold()),
                reader.part("SCALE_DOWN_THRESHOLD", DEFAULT.scaleDownThreshold()),
                reader.integer("CONNECTIONS_PER_INSTANCE", MOST_CONNECTIONS, DEFAULT.connectionsPerInstance()),
                reader.integer("CPU_TARGET", 100, DEFAULT.cpuTarget()),
                reader.integer("MEMORY_TARGET", 100, DEFAULT.memoryTarget()));
        // Where we listen is said elsewhere; but a number that is no port is a mistake that somebody should hear of.
        reader.integer("METRICS_PORT", 65535, 1);
        if (reader.problems.isEmpty() && settings.scaleDownThreshold() >= settings.scaleUpThreshold()) {
            reader.problem(
                    "SCALE_DOWN_THRESHOLD",
                    String.valueOf(settings.scaleDownThreshold()),
                    "below " + PREFIX + "SCALE_UP_THRESHOLD, " + settings.scaleUpThreshold());
        }
        if (!reader.problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", reader.problems));
        }
        return settings;
    }

    private static final class Reader {
        private final Map<String, String> environment;
        private final List<String> problems = new ArrayList<>();

        Reader(Map<String, String> environment) {
            this.environment = environment;
        }

        boolean bool(String name, boolean fallback) {
            var text = text(name);
            if (text.isEmpty() || text.equals("true") || text.equals("false")) {
                return text.isEmpty() ? fallback : Boolean.parseBoolean(text);
            }
            problem(name, text, "true or false");
            return fallback;
        }

        int integer(String name, int max, int fallback) {
            var text = text(name);
            if (text.isEmpty()) {
                return fallback;
            }
            try {
                int number = Integer.parseInt(text);
                if (number >= 1 && number <= max) {
                    return number;
                }
            } catch (NumberFormatException tooLongOrNoNumber) {
                // Reported below, as what is out of range is.
            }
            problem(name, text, "1.." + max);
            return fallback;
        }

        double part(String name, double fallback) {
            var text = text(name);
            if (text.isEmpty()) {
                return fallback;
            }
            // Double.parseDouble takes more than people write: NaN, 0x1p-1, 1d.
            if (text.matches("[0-9]*\\.?[0-9]+")) {
                double number = Double.parseDouble(text);
                if (number > 0 && number <= 1) {
                    return number;
                }
            }
            problem(name, text, "above 0, at most 1");
            return fallback;
        }

        void problem(String name, String value, String expected) {
            problems.add(PREFIX + name + ": " + value + " (expected: " + expected + ")");
        }

        private String text(String name) {
            return environment.getOrDefault(PREFIX + name, "").strip();
        }
    }
}
