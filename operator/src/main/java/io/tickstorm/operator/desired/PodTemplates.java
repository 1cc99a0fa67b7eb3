package io.tickstorm.operator.desired;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Toleration;
import io.tickstorm.operator.crd.PodTemplate;
import io.tickstorm.operator.crd.TickStormCluster;
import io.tickstorm.proxy.settings.Problems;
import java.io.Serial;
import java.util.Map;
import java.util.stream.Collectors;

/** What the resource says of pods in the words of Kubernetes. */
final class PodTemplates {
    /** Its objects keep keys that they do not know; here such a key is a mistake. */
    private static final JsonMapper STRICT = JsonMapper.builder()
            .annotationIntrospector(new KnownKeysOnly())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private PodTemplates() {}

    static PodTemplate of(TickStormCluster cluster, Component component) {
        return switch (component) {
            case BACKEND, BACKEND_GREEN -> cluster.getSpec().backend().pod();
            case PROXY -> cluster.getSpec().loadBalancer().pod();
        };
    }

    static void addTo(PodSpecBuilder pod, PodTemplate template) {
        pod.withPriorityClassName(template.priorityClassName())
                .withNodeSelector(template.nodeSelector())
                .withTolerations(template.tolerations().stream()
                        .map(PodTemplates::toleration)
                        .toList())
                .withImagePullSecrets(template.imagePullSecrets().stream()
                        .map(LocalObjectReference::new)
                        .toList());
        if (!template.affinity().isEmpty()) {
            pod.withAffinity(affinity(template.affinity()));
        }
    }

    /** @param path of {@code affinity} in the resource */
    static void judge(String path, PodTemplate template, Problems problems) {
        try {
            var understood = affinity(template.affinity());
            if (!template.affinity().isEmpty() && understood.equals(new Affinity())) {
                problems.add(path, 0, "says nothing (expected: nodeAffinity, podAffinity or podAntiAffinity)");
            }
        } catch (IllegalArgumentException e) {
            var where = e.getCause() instanceof JsonMappingException mapping
                    ? mapping.getPath().stream()
                            .map(step -> step.getFieldName() == null
                                    ? "[" + step.getIndex() + "]"
                                    : "." + step.getFieldName())
                            .collect(Collectors.joining())
                    : "";
            problems.add(path + where, 0, "not understood (expected: as 'kubectl explain pod.spec.affinity' says)");
        }
    }

    private static Affinity affinity(Map<String, Object> given) {
        return STRICT.convertValue(given, Affinity.class);
    }

    private static Toleration toleration(PodTemplate.Toleration given) {
        var built = new Toleration();
        built.setKey(given.key());
        built.setOperator(given.operator() == null ? null : given.operator().word());
        built.setValue(given.value());
        built.setEffect(given.effect() == null ? null : given.effect().word());
        built.setTolerationSeconds(
                given.tolerationSeconds() == null
                        ? null
                        : given.tolerationSeconds().longValue());
        return built;
    }

    private static final class KnownKeysOnly extends JacksonAnnotationIntrospector {
        @Serial
        private static final long serialVersionUID = 1L;

        @Override
        public Boolean hasAnySetter(Annotated member) {
            return false;
        }
    }
}
