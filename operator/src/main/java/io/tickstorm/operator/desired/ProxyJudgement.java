package io.tickstorm.operator.desired;

import io.tickstorm.operator.crd.TickStormCluster;
import io.tickstorm.proxy.config.ConfigResult;
import io.tickstorm.proxy.config.ProxyConfig;
import io.tickstorm.proxy.settings.Problem;
import io.tickstorm.proxy.settings.Problems;
import io.tickstorm.proxy.settings.Yaml;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** What is wrong with the proxy's words: judged by the proxy's own reader, on the configuration that proxies will get, and told where the user wrote it. */
final class ProxyJudgement {
    private static final String ROOT = "spec.loadBalancer";
    private static final String PORTS = "spec.backend.ports";

    private ProxyJudgement() {}

    /** @param problems those that are known; what is told of a path there is not told again */
    static void judge(TickStormCluster cluster, Problems problems) {
        var told = new HashSet<String>();
        problems.all().forEach(problem -> told.add(problem.path()));
        if (told.stream().anyMatch(path -> path.startsWith(PORTS))) {
            // everything else hangs on these
            return;
        }
        var translation = Translation.toBeJudged(cluster.getSpec());
        translation.origins().problems().forEach(problem -> add(problem, told, problems));
        if (ProxyConfig.read(Yaml.write(translation.tree()), "") instanceof ConfigResult.Invalid invalid) {
            invalid.problems().stream()
                    .map(translation.origins()::of)
                    .distinct()
                    .forEach(problem -> add(problem, told, problems));
        }
    }

    private static void add(Problem problem, HashSet<String> told, Problems problems) {
        // what makes a part wrong is told there, or within it
        if (told.stream().noneMatch(path -> path.equals(problem.path()) || path.startsWith(problem.path() + "."))) {
            problems.add(problem.path(), problem.line(), problem.message());
        }
        told.add(problem.path());
    }

    /** Tells of the words that the proxy has and the resource has not; an API server would have pruned them. */
    static void notInTheResource(Map<String, ?> resource, Problems problems) {
        if (!(resource.get("spec") instanceof Map<?, ?> spec)
                || !(spec.get("loadBalancer") instanceof Map<?, ?> balancer)) {
            return;
        }
        ProxyWords.notInTheResource().forEach((word, message) -> {
            find(balancer, List.of(word.split("\\.")), ROOT, message, problems);
            var ofPorts = word.startsWith("backends[].") ? word.substring("backends[].".length()) : "";
            if (!ofPorts.isEmpty() && !ofPorts.startsWith("discovery")) {
                find(balancer, List.of(ofPorts.split("\\.")), ROOT, message, problems);
            }
        });
    }

    private static void find(Map<?, ?> within, List<String> steps, String path, String message, Problems problems) {
        var step = steps.getFirst();
        var items = step.endsWith("[]");
        var key = items ? step.substring(0, step.length() - 2) : step;
        var value = within.get(key);
        var at = path + "." + key;
        if (value == null
                || problems.all().stream().anyMatch(problem -> problem.path().equals(at))) {
            return;
        }
        if (steps.size() == 1) {
            problems.add(at, 0, message);
            return;
        }
        var rest = steps.subList(1, steps.size());
        if (items && value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                if (list.get(i) instanceof Map<?, ?> item) {
                    find(item, rest, at + "[" + i + "]", message, problems);
                }
            }
        } else if (!items && value instanceof Map<?, ?> section) {
            find(section, rest, at, message, problems);
        }
    }
}
