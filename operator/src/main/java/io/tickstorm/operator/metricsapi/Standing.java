package io.tickstorm.operator.metricsapi;

/**
 * Whether the connections of pods can be asked for, and why not.
 *
 * @param served whether autoscalers of the operator should ask for them; a server that is out of reach for a while still counts
 * @param reason in one word, for a condition
 * @param message for a person, with what to do
 */
public record Standing(boolean served, String reason, String message) {
    /** What holds until it is known: an autoscaler that asks in vain for a moment is better than one that is changed at each start. */
    static final Standing EXPECTED =
            new Standing(true, "Registering", "the metrics of connections are being registered");

    static final Standing SERVED = new Standing(true, "Served", "the operator serves the connections of pods");

    public static final Standing OFF = new Standing(
            false,
            "SwitchedOff",
            "connections are not measured, because customMetrics is switched off in the operator's installation");

    static Standing unreachable(String why) {
        return new Standing(
                true,
                "Unreachable",
                "the API server does not reach the operator's metrics: " + why
                        + "; see that its way to port 6443 of the operator's pods is open");
    }

    static Standing foreign(String whose) {
        return new Standing(
                false,
                "OwnedByOther",
                "connections are not measured, because custom.metrics.k8s.io belongs to " + whose
                        + "; remove that adapter, or let it serve tick_storm_active_connections of pods and give spec.autoscaling its number of connections");
    }

    static Standing failed(String why) {
        return new Standing(false, "NotRegistered", "connections are not measured: " + why);
    }
}
