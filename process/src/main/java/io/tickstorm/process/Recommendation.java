package io.tickstorm.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How many replicas one of them would like there to be. It sees only itself and takes the others to be as busy, which holds for
 * replicas behind a balancer.
 *
 * @param reason with the numbers that led to it
 * @param replicas at least 1
 */
public record Recommendation(Action action, String reason, int replicas) {
    /** What is recommended. */
    public enum Action {
        SCALE_UP,
        SCALE_DOWN,
        NONE;

        /** As it is written in answers. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What one replica carries.
     *
     * @param connections open now
     * @param cpuPercent of its processors, 0..100
     * @param memoryPercent of its memory, 0..100
     */
    public record Load(int connections, double cpuPercent, double memoryPercent) {}

    /**
     * Works it out.
     *
     * <p>Up, if any measure is at or above its limit: to as many as bring each of them below. Down, if connections are below their
     * lower threshold: to as many as put them in the middle between the thresholds, so that the next look does not undo it; but
     * never so far that processor or memory would pass its target.
     *
     * @param replicas how many there are, at least 1
     */
    public static Recommendation of(ScalingSettings settings, Load load, int replicas) {
        double used = (double) load.connections() / settings.connectionsPerInstance();
        var over = new ArrayList<String>();
        int up = replicas;
        if (used >= settings.scaleUpThreshold()) {
            over.add(connections(settings, load, used) + ", at or above " + percent(100 * settings.scaleUpThreshold()));
            up = Math.max(up, below(replicas, used, settings.scaleUpThreshold()));
        }
        if (load.cpuPercent() > settings.cpuTarget()) {
            over.add("cpu " + percent(load.cpuPercent()) + ", above " + percent(settings.cpuTarget()));
            up = Math.max(up, below(replicas, load.cpuPercent(), settings.cpuTarget()));
        }
        if (load.memoryPercent() > settings.memoryTarget()) {
            over.add("memory " + percent(load.memoryPercent()) + ", above " + percent(settings.memoryTarget()));
            up = Math.max(up, below(replicas, load.memoryPercent(), settings.memoryTarget()));
        }
        if (!over.isEmpty()) {
            return new Recommendation(Action.SCALE_UP, String.join("; ", over), up);
        }
        return used < settings.scaleDownThreshold()
                ? down(settings, load, used, replicas)
                : none(
                        connections(settings, load, used) + ", cpu " + percent(load.cpuPercent()) + ", memory "
                                + percent(load.memoryPercent()) + ": all within their limits",
                        replicas);
    }

    private static Recommendation down(ScalingSettings settings, Load load, double used, int replicas) {
        var low = connections(settings, load, used) + ", below " + percent(100 * settings.scaleDownThreshold());
        if (replicas == 1) {
            return none(low + ", but one replica is the least", replicas);
        }
        double middle = (settings.scaleUpThreshold() + settings.scaleDownThreshold()) / 2;
        int connections = needed(replicas, used, middle);
        int cpu = needed(replicas, load.cpuPercent(), settings.cpuTarget());
        int memory = needed(replicas, load.memoryPercent(), settings.memoryTarget());
        int fewer = Math.max(connections, Math.max(cpu, memory));
        if (fewer < replicas) {
            return new Recommendation(
                    Action.SCALE_DOWN,
                    low + "; cpu " + percent(load.cpuPercent()) + ", memory " + percent(load.memoryPercent()),
                    fewer);
        }
        var why = List.of(
                        cpu >= replicas ? "cpu " + percent(load.cpuPercent()) : "",
                        memory >= replicas ? "memory " + percent(load.memoryPercent()) : "")
                .stream()
                .filter(text -> !text.isEmpty())
                .toList();
        return none(
                low + ", but fewer replicas would each have more than they should"
                        + (why.isEmpty() ? "" : ": " + String.join(", ", why)),
                replicas);
    }

    private static Recommendation none(String reason, int replicas) {
        return new Recommendation(Action.NONE, reason, replicas);
    }

    /** The least number with which each has less than the limit; more than there are. */
    private static int below(int replicas, double value, double limit) {
        return (int) Math.min(Integer.MAX_VALUE, Math.floor(replicas * value / limit) + 1);
    }

    /** The least number with which each has at most so much. */
    private static int needed(int replicas, double value, double target) {
        return (int) Math.max(1, Math.ceil(replicas * value / target));
    }

    private static String connections(ScalingSettings settings, Load load, double used) {
        return String.format(
                Locale.ROOT,
                "%d connections of %d (%s)",
                load.connections(),
                settings.connectionsPerInstance(),
                percent(100 * used));
    }

    private static String percent(double value) {
        var text = String.format(Locale.ROOT, "%.1f", value);
        return (text.endsWith(".0") ? text.substring(0, text.length() - 2) : text) + " %";
    }
}
