package io.tickstorm.operator.desired;

import io.tickstorm.operator.crd.PodTemplate;
import io.tickstorm.proxy.settings.Section;

/** The form of {@code pod}, for a resource that has not passed an API server. */
final class PodShape {
    private static final int A_YEAR = 31_536_000;

    private PodShape() {}

    static Section judge(Section pod) {
        pod.section("labels", labels -> Texts.foreign(labels, Texts.LABEL, "tickstorm.io/", "app.kubernetes.io/"));
        pod.section("annotations", annotations -> Texts.foreign(annotations, Texts.ANY, "tickstorm.io/"));
        pod.section("nodeSelector", labels -> Texts.mapping(labels, Texts.LABEL));
        pod.list("tolerations", PodShape::toleration);
        pod.optionalText("priorityClassName", Texts.OBJECT_NAME);
        ClusterShape.texts(pod, "imagePullSecrets", Texts.OBJECT_NAME);
        // judged as a value: its words are those of Kubernetes
        pod.ignore("affinity");
        return pod;
    }

    private static Section toleration(Section toleration) {
        toleration.optionalText("key", ClusterShape.TEXT);
        toleration.optionalText("value", Texts.LABEL);
        ClusterShape.word(
                toleration, "operator", ClusterShape.words(PodTemplate.Operator.values(), PodTemplate.Operator::word));
        ClusterShape.word(
                toleration, "effect", ClusterShape.words(PodTemplate.Effect.values(), PodTemplate.Effect::word));
        toleration.integer("tolerationSeconds", 0, A_YEAR, 0);
        return toleration;
    }
}
