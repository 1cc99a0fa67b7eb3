package io.tickstorm.operator.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;

/** A person's wish that the operator change nothing for a while: an annotation of the cluster. What is there goes on being reported. */
final class Pause {
    static final String ANNOTATION = "tickstorm.io/pause-reconciliation";

    private static final String CONDITION = "Paused";

    private Pause() {}

    static boolean asked(HasMetadata cluster) {
        return value(cluster).equals("true");
    }

    /** A value that may or may not mean a pause is none that may be guessed. */
    static List<String> problems(HasMetadata cluster) {
        var value = value(cluster);
        return value.equals("true") || value.equals("false")
                ? List.of()
                : List.of("metadata.annotations[" + ANNOTATION + "]: \"" + value
                        + "\" (expected: \"true\" or \"false\")");
    }

    /** Whether the cluster was paused at the last report. */
    static boolean before(Transitions transitions) {
        return "True".equals(transitions.before(CONDITION));
    }

    private static String value(HasMetadata cluster) {
        var annotations = cluster.getMetadata().getAnnotations();
        return annotations == null ? "false" : annotations.getOrDefault(ANNOTATION, "false");
    }
}
