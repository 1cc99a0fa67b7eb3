package io.tickstorm.operator.desired;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tickstorm.operator.crd.ClusterSpec;
import io.tickstorm.operator.crd.TickStormCluster;
import io.tickstorm.proxy.settings.Problem;
import io.tickstorm.proxy.settings.Problems;
import io.tickstorm.proxy.settings.Section;
import io.tickstorm.proxy.settings.Syntax;
import io.tickstorm.proxy.settings.Yaml;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads a {@code TickStormCluster}, from an API server or from a file, and judges it: the same reader for both, and for the proxy's words the proxy's own, so that what
 * one takes the others take.
 */
public final class ClusterReader {
    // The API server has pruned what the schema does not know; a file's unknown keys are told by the shape.
    private static final JsonMapper VALUES = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private ClusterReader() {}

    /** What came of reading: a cluster, or every reason why it is none. */
    public sealed interface Reading {
        /** A cluster that {@link Desired} takes. */
        record Accepted(TickStormCluster cluster) implements Reading {}

        /** @param problems at least one */
        record Refused(List<Problem> problems) implements Reading {}
    }

    /** Reads the resource as an API server has it. */
    public static Reading read(Map<String, ?> resource) {
        var problems = new Problems("");
        var section = Section.of(resource, "", problems);
        shape(section);
        return read(resource, section);
    }

    /**
     * Reads the resource from the text of a file with one document.
     *
     * @param source what the text is called in messages
     */
    public static Reading read(String yaml, String source) {
        var section = Yaml.read(yaml, source);
        shape(section);
        return read(loaded(yaml), section);
    }

    private static void shape(Section resource) {
        resource.ignore("metadata", "status");
        word(resource, "apiVersion", TickStormCluster.API_VERSION);
        word(resource, "kind", TickStormCluster.KIND);
        resource.section("spec", ClusterShape::judge);
        resource.end();
    }

    private static Reading read(Map<String, ?> resource, Section section) {
        var problems = section.problems();
        ProxyJudgement.notInTheResource(resource, problems);
        var cluster = convert(resource, problems);
        // Where a value is none, the words of the proxy beside it are judged all the same: so all is told at once.
        var judged = cluster == null ? convert(without(resource, problems), problems) : cluster;
        if (cluster != null) {
            Judgement.judge(cluster, problems);
        }
        if (judged != null) {
            ProxyJudgement.judge(judged, problems);
        }
        return problems.isEmpty() && cluster != null
                ? new Reading.Accepted(cluster)
                : new Reading.Refused(problems.all().stream()
                        .map(problem -> lined(problem, section))
                        .sorted(Comparator.comparingInt(Problem::line))
                        .toList());
    }

    private static Problem lined(Problem problem, Section section) {
        return problem.line() > 0
                ? problem
                : new Problem(problem.path(), section.lineOf(problem.path()), problem.message());
    }

    /** The resource without the values that are wrong. */
    private static Map<String, ?> without(Map<String, ?> resource, Problems problems) {
        var wrong = problems.all().stream().map(Problem::path).collect(Collectors.toSet());
        var rest = new LinkedHashMap<String, Object>();
        resource.forEach((key, value) -> {
            var right = wrong.contains(key) ? null : without(value, key, wrong);
            if (right != null) {
                rest.put(key, right);
            }
        });
        return rest;
    }

    private static @Nullable Object without(@Nullable Object value, String path, Set<String> wrong) {
        return switch (value) {
            case Map<?, ?> mapping -> {
                var rest = new LinkedHashMap<String, @Nullable Object>();
                mapping.forEach((key, child) -> {
                    var at = path + "." + key;
                    if (!wrong.contains(at)) {
                        rest.put(String.valueOf(key), without(child, at, wrong));
                    }
                });
                yield rest;
            }
            case List<?> list -> {
                // an item that is wrong as a whole stays, so that the others keep their numbers
                var items = new ArrayList<@Nullable Object>();
                for (var item : list) {
                    items.add(without(item, path + "[" + items.size() + "]", wrong));
                }
                yield items;
            }
            case null, default -> value;
        };
    }

    private static @Nullable TickStormCluster convert(Map<String, ?> resource, Problems problems) {
        try {
            var wanted = new LinkedHashMap<String, Object>(resource);
            // what was said of it, perhaps by another version, is not what is wanted of it
            wanted.remove("status");
            var cluster = VALUES.convertValue(wanted, TickStormCluster.class);
            if (cluster.getSpec() == null) {
                cluster.setSpec(ClusterSpec.defaults());
            }
            return cluster;
        } catch (IllegalArgumentException e) {
            // Where the shape has told what is wrong, the library's words about it are no news.
            if (problems.isEmpty()) {
                problems.add(path(e), 0, reason(e));
            }
            return null;
        }
    }

    private static String path(IllegalArgumentException e) {
        return e.getCause() instanceof JsonMappingException mapping
                ? mapping.getPath().stream()
                        .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
                        .collect(Collectors.joining("."))
                        .replace(".[", "[")
                : "spec";
    }

    private static String reason(IllegalArgumentException e) {
        return e.getCause() instanceof JacksonException json
                ? json.getOriginalMessage()
                : String.valueOf(e.getMessage());
    }

    private static void word(Section resource, String key, String expected) {
        resource.text(key, new Syntax<>(expected, text -> text.equals(expected) ? text : null));
    }

    private static Map<String, Object> loaded(String yaml) {
        try {
            var loaded = new Load(LoadSettings.builder().build()).loadFromString(yaml);
            var values = new LinkedHashMap<String, Object>();
            if (loaded instanceof Map<?, ?> mapping) {
                mapping.forEach((key, value) -> values.put(String.valueOf(key), value));
            }
            return values;
        } catch (YamlEngineException e) {
            // told by the shape, with its line
            return Map.of();
        }
    }
}
