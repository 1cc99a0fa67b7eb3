package io.tickstorm.operator.crd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What {@code rules.yaml} has: each rule of the definition from both sides. */
final class RuleCases {
    private static final String BALANCER = "spec.loadBalancer";

    private RuleCases() {}

    /**
     * One rule from both sides.
     *
     * @param at path of the rule, with {@code []} for items of lists
     * @param message how its words begin
     * @param taken a resource that it takes
     * @param refused one that it refuses
     */
    record Case(String at, String message, Map<String, Object> taken, Map<String, Object> refused) {
        boolean of(Rule rule) {
            return rule.at().equals(at) && rule.message().startsWith(message);
        }
    }

    /** A rule of the definition. */
    record Rule(String at, String message) {
        /** Whether it only says which durations or sizes there may be; {@link SettingEdges} has those of the proxy's words. */
        boolean range() {
            return message.startsWith("expected ");
        }
    }

    static List<Case> all() {
        try (var file = RuleCases.class.getResourceAsStream("rules.yaml")) {
            var cases = (List<?>) new Load(LoadSettings.builder().build()).loadFromInputStream(file);
            return cases.stream().flatMap(one -> cases((Map<?, ?>) one)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every rule of the committed definition. */
    static List<Rule> rules(Map<String, Object> tree) {
        var version = (Map<?, ?>) ((List<?>) ((Map<?, ?>) tree.get("spec")).get("versions")).getFirst();
        var rules = new ArrayList<Rule>();
        collect("", (Map<?, ?>) ((Map<?, ?>) version.get("schema")).get("openAPIV3Schema"), rules);
        return rules;
    }

    static Map<String, Object> resource(String name, Map<?, ?> spec) {
        var resource = new LinkedHashMap<String, Object>();
        resource.put("apiVersion", TickStormCluster.API_VERSION);
        resource.put("kind", TickStormCluster.KIND);
        resource.put("metadata", Map.of("name", name));
        resource.put("spec", spec);
        return resource;
    }

    private static Stream<Case> cases(Map<?, ?> said) {
        var message = said.get("message").toString();
        if (said.get("takenName") != null) {
            return Stream.of(new Case(
                    "",
                    message,
                    resource(said.get("takenName").toString(), Map.of()),
                    resource(said.get("refusedName").toString(), Map.of())));
        }
        var taken = (Map<?, ?>) said.get("taken");
        var refused = (Map<?, ?>) said.get("refused");
        if (said.get("words") instanceof String words) {
            var below = words.isEmpty() ? "" : "." + words;
            return Stream.of(
                    new Case(BALANCER + below, message, ofAll(taken), ofAll(refused)),
                    new Case(BALANCER + ".backends[]" + below, message, ofOne(taken), ofOne(refused)));
        }
        return Stream.of(
                new Case(said.get("at").toString(), message, resource("demo", taken), resource("demo", refused)));
    }

    /** Said to all ports of the backend. */
    static Map<String, Object> ofAll(Map<?, ?> words) {
        return resource("demo", Map.of("loadBalancer", words));
    }

    /** Said to one of them. */
    static Map<String, Object> ofOne(Map<?, ?> words) {
        var backend = new LinkedHashMap<Object, Object>();
        backend.put("name", "http");
        backend.putAll(words);
        return ofAll(Map.of("backends", List.of(backend)));
    }

    private static void collect(String path, Map<?, ?> schema, List<Rule> into) {
        if (schema.get("x-kubernetes-validations") instanceof List<?> rules) {
            rules.forEach(rule ->
                    into.add(new Rule(path, ((Map<?, ?>) rule).get("message").toString())));
        }
        if (schema.get("properties") instanceof Map<?, ?> properties) {
            properties.forEach((name, child) ->
                    collect(path.isEmpty() ? name.toString() : path + "." + name, (Map<?, ?>) child, into));
        }
        if (schema.get("items") instanceof Map<?, ?> items) {
            collect(path + "[]", items, into);
        }
        if (schema.get("additionalProperties") instanceof Map<?, ?> values) {
            collect(path + ".*", values, into);
        }
    }
}
