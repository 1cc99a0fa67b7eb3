package io.tickstorm.operator.desired;

import io.tickstorm.operator.crd.BackendSpec.PodSecurity;
import io.tickstorm.operator.crd.ImagePullPolicy;
import io.tickstorm.operator.crd.Probes;
import io.tickstorm.proxy.listener.Protocol;
import io.tickstorm.proxy.settings.Section;
import io.tickstorm.proxy.settings.Syntax;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * What the schema says at an API server, for a resource that has not passed one: the keys there are and the form of their values, with the line of each problem. The
 * proxy's words are judged by {@link ProxyJudgement}.
 */
final class ClusterShape {
    static final Syntax<String> TEXT = new Syntax<>("a text", text -> text);
    private static final Syntax<String> NAME =
            Syntax.matching("[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?", "at most 15 lower-case letters, digits and '-'");
    private static final int MOST_PODS = 1000;
    private static final Duration LONGEST = Duration.ofHours(24);
    /** What an autoscaler takes at most. */
    private static final Duration LONGEST_WINDOW = Duration.ofHours(1);

    private ClusterShape() {}

    /** Reads {@code spec}; what it means is read elsewhere. */
    static Section judge(Section spec) {
        spec.section("backend", ClusterShape::backend);
        spec.section("loadBalancer", ClusterShape::loadBalancer);
        spec.section("autoscaling", ClusterShape::autoscaling);
        spec.section("availability", PolicyShape::availability);
        spec.section("networkPolicy", PolicyShape::networkPolicy);
        spec.section("monitoring", PolicyShape::monitoring);
        return spec;
    }

    private static Section backend(Section backend) {
        backend.optionalText("image", TEXT);
        word(backend, "imagePullPolicy", words(ImagePullPolicy.values(), ImagePullPolicy::word));
        texts(backend, "args");
        backend.list("env", ClusterShape::variable);
        backend.integer("replicas", 0, MOST_PODS, 0);
        backend.optionalSection("probes", probes -> {
            probes.optionalSection("readiness", ClusterShape::probe);
            probes.optionalSection("liveness", ClusterShape::probe);
            return probes;
        });
        backend.section("drain", ClusterShape::drain);
        backend.section("rollout", RolloutShape::judge);
        word(backend, "podSecurity", words(PodSecurity.values(), PodSecurity::word));
        backend.optionalText("serviceAccountName", Texts.OBJECT_NAME);
        backend.section("pod", PodShape::judge);
        // their keys are free; judged as values
        backend.ignore("ports", "resources");
        return backend;
    }

    private static Section variable(Section variable) {
        variable.text("name", TEXT);
        variable.optionalText("value", TEXT);
        if (variable.has("value")) {
            variable.refuse("valueFrom", "beside value (expected: one of the two)");
        }
        variable.optionalSection("valueFrom", source -> {
            var kinds = List.of("secretKeyRef", "configMapKeyRef", "fieldRef");
            if (kinds.stream().filter(source::has).count() != 1) {
                source.problem(source.keys() + " (expected: exactly one of " + String.join(", ", kinds) + ")");
            }
            source.optionalSection("secretKeyRef", ClusterShape::key);
            source.optionalSection("configMapKeyRef", ClusterShape::key);
            source.optionalSection("fieldRef", field -> field.text("fieldPath", TEXT));
            return source;
        });
        return variable;
    }

    private static Section key(Section key) {
        key.text("name", TEXT);
        key.text("key", TEXT);
        key.bool("optional", false);
        return key;
    }

    private static Section probe(Section probe) {
        if (probe.enumeration("type", Probes.Type.TCP) == Probes.Type.TCP) {
            probe.refuse("path", "a TCP probe has no path (expected: nothing, or type: HTTP)");
        }
        probe.optionalText("path", TEXT);
        probe.ignore("port");
        return probe;
    }

    private static Section loadBalancer(Section balancer) {
        balancer.optionalText("image", TEXT);
        word(balancer, "imagePullPolicy", words(ImagePullPolicy.values(), ImagePullPolicy::word));
        balancer.integer("replicas", 1, MOST_PODS, 1);
        balancer.list("listeners", ClusterShape::listener);
        balancer.list("backends", ClusterShape::proxyBackend);
        // the proxy's reader judges them
        ignore(balancer, ProxyWords.OF_BACKENDS);
        ignore(balancer, ProxyWords.OF_THE_PROCESS);
        balancer.ignore("health", "zone");
        balancer.section("drain", ClusterShape::drain);
        balancer.section("service", PolicyShape::service);
        balancer.section("pod", PodShape::judge);
        balancer.ignore("resources");
        return balancer;
    }

    private static Section proxyBackend(Section backend) {
        backend.text("name", Syntax.name());
        backend.ignore("discovery");
        ignore(backend, ProxyWords.OF_BACKENDS);
        return backend;
    }

    private static Section listener(Section listener) {
        listener.text("name", NAME);
        listener.integer("port", 1, 65535);
        listener.integer("nodePort", 30_000, 32_767, 30_000);
        listener.ignore("backendPort");
        listener.enumeration("protocol", Protocol.HTTP);
        listener.ignore("address");
        ignore(listener, ProxyWords.OF_LISTENERS);
        return listener;
    }

    private static void ignore(Section section, List<String> words) {
        section.ignore(words.toArray(String[]::new));
    }

    private static Section drain(Section drain) {
        drain.duration("delay", Duration.ZERO, LONGEST, Duration.ZERO);
        drain.duration("timeout", Duration.ZERO, LONGEST, Duration.ZERO);
        return drain;
    }

    private static Section autoscaling(Section autoscaling) {
        autoscaling.optionalSection("backend", ClusterShape::scaling);
        autoscaling.optionalSection("loadBalancer", ClusterShape::scaling);
        return autoscaling;
    }

    private static Section scaling(Section scaling) {
        scaling.bool("enabled", true);
        scaling.integer("minReplicas", 1, MOST_PODS, 1);
        scaling.integer("maxReplicas", 1, MOST_PODS, 1);
        scaling.integer("cpu", 0, 1000, 0);
        scaling.integer("memory", 0, 1000, 0);
        scaling.integer("connections", 0, Integer.MAX_VALUE, 0);
        scaling.section("scaleUp", growth -> pace(growth, 1000));
        scaling.section("scaleDown", decline -> pace(decline, 100));
        return scaling;
    }

    private static Section pace(Section pace, int mostPercent) {
        pace.integer("percent", 0, mostPercent, 0);
        pace.duration("window", Duration.ZERO, LONGEST_WINDOW, Duration.ZERO);
        return pace;
    }

    static void word(Section section, String key, List<String> words) {
        section.optionalText(key, new Syntax<>(String.join(" or ", words), text -> words.contains(text) ? text : null));
    }

    static <E> List<String> words(E[] constants, Function<E, String> word) {
        return Arrays.stream(constants).map(word).toList();
    }

    private static void texts(Section section, String key) {
        texts(section, key, TEXT);
    }

    static void texts(Section section, String key, Syntax<String> syntax) {
        section.list(key, syntax, mapping -> {
            mapping.problem("a mapping (expected: " + syntax.expected() + ")");
            return "";
        });
    }
}
