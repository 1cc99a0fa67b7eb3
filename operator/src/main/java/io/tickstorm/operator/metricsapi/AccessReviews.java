package io.tickstorm.operator.metricsapi;

import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewSpecBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Asks the API server who may read what, and remembers its answers for 10 s. Thread-safe. */
final class AccessReviews {
    static final Duration REMEMBERED = Duration.ofSeconds(10);
    /** Autoscalers are one caller with one question for each namespace; who invents more is asked for each time. */
    private static final int MOST = 10_000;

    private final KubernetesClient client;
    private final InstantSource clock;
    private final Map<Asked, Answer> answers = new ConcurrentHashMap<>();

    AccessReviews(KubernetesClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    private record Asked(Caller caller, Question question, String path) {}

    private record Answer(boolean permitted, Instant until) {}

    /**
     * Whether a caller may read this; blocks.
     *
     * @param path what was asked for, for what is no object
     * @throws io.fabric8.kubernetes.client.KubernetesClientException if the API server cannot be asked
     */
    boolean permits(Caller caller, Question question, String path) {
        if (caller.mayAll()) {
            return true;
        }
        var asked = new Asked(caller, question, question instanceof Question.Metric ? "" : path);
        var now = clock.instant();
        var known = answers.get(asked);
        if (known != null && now.isBefore(known.until())) {
            return known.permitted();
        }
        var permitted = permitted(asked);
        answers.values().removeIf(answer -> !now.isBefore(answer.until()));
        if (answers.size() < MOST) {
            answers.put(asked, new Answer(permitted, now.plus(REMEMBERED)));
        }
        return permitted;
    }

    private boolean permitted(Asked asked) {
        var review = client.authorization().v1().subjectAccessReview().create(review(asked));
        return review.getStatus() != null
                && Boolean.TRUE.equals(review.getStatus().getAllowed());
    }

    private static SubjectAccessReview review(Asked asked) {
        var caller = asked.caller();
        var spec = new SubjectAccessReviewSpecBuilder()
                .withUser(caller.user())
                .withUid(caller.uid().isEmpty() ? null : caller.uid())
                .withGroups(caller.groups())
                .withExtra(caller.extra());
        if (asked.question() instanceof Question.Metric metric) {
            spec.withNewResourceAttributes()
                    .withVerb("get")
                    .withGroup(Question.GROUP)
                    .withVersion(metric.version())
                    .withNamespace(metric.namespace())
                    .withResource(metric.resource())
                    .withSubresource(metric.metric())
                    .withName(metric.object())
                    .endResourceAttributes();
        } else {
            spec.withNewNonResourceAttributes()
                    .withVerb("get")
                    .withPath(asked.path())
                    .endNonResourceAttributes();
        }
        return new SubjectAccessReviewBuilder().withSpec(spec.build()).build();
    }
}
