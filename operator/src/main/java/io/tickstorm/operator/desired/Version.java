package io.tickstorm.operator.desired;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tickstorm.operator.crd.BackendSpec;
import io.tickstorm.operator.crd.TickStormCluster;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the pods of a backend are: what the resource says of them, and the image that this meant.
 *
 * <p>Its {@link #revision} does not depend on what the operator makes of it, so that a newer operator, whose pods may look otherwise, is no new version of the backends;
 * a newer image of the reference backend is one.
 *
 * @param pods the resource's words; what is not of the pods in them (replicas, rollout) says nothing
 * @param image of the pods; the one that the release meant where the resource names none
 */
public record Version(BackendSpec pods, String image) {
    private static final List<String> NOT_OF_THE_PODS = List.of("replicas", "rollout");
    private static final JsonMapper JSON = JsonMapper.builder()
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    static Version of(BackendSpec backend, Defaults defaults) {
        return new Version(backend, requireNonNullElse(backend.image(), defaults.backendImage()));
    }

    /** The version that a cluster wants. */
    public static Version of(TickStormCluster cluster, Defaults defaults) {
        return of(cluster.getSpec().backend(), defaults);
    }

    /** What {@link #words} wrote. @throws IllegalArgumentException if it is something else */
    public static Version read(JsonNode words) {
        try {
            var pods = JSON.treeToValue(words.path("pods"), BackendSpec.class);
            var image = words.path("image").asText("");
            if (pods == null || image.isEmpty()) {
                throw new IllegalArgumentException(words + " (expected: pods and image of a version)");
            }
            return new Version(pods, image);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e.getOriginalMessage(), e);
        }
    }

    /** All of it, to be written down. */
    public ObjectNode words() {
        var words = JSON.createObjectNode();
        words.set("pods", said(pods));
        words.put("image", image);
        return words;
    }

    /** A short name: {@code r} and eight hexadecimal digits of a hash. The same for what means the same, whether defaults are written or left out. */
    public String revision() {
        var said = words();
        var defaults = JSON.createObjectNode();
        defaults.set("pods", said(BackendSpec.of(pods.image())));
        strip(said, defaults);
        return "r" + HexFormat.of().formatHex(hash(said.toString()), 0, 4);
    }

    /** Whether these are the same pods. */
    public boolean is(Version other) {
        return revision().equals(other.revision());
    }

    /** The cluster as if this version were the wanted one; its number of pods and its rollout stay. */
    TickStormCluster in(TickStormCluster cluster) {
        var wanted = cluster.getSpec();
        var kept = JSON.valueToTree(pods);
        if (!(kept instanceof ObjectNode backend)) {
            throw new IllegalStateException("pods are written as an object");
        }
        backend.set("replicas", JSON.valueToTree(wanted.backend().replicas()));
        backend.set("rollout", JSON.valueToTree(wanted.backend().rollout()));
        var copy = new TickStormCluster();
        copy.setMetadata(cluster.getMetadata());
        copy.setSpec(wanted.with(JSON.convertValue(backend, BackendSpec.class)));
        return copy;
    }

    /** What this version calls a port of the wanted one: by name, or by number, or its only one; null if it has none for it. */
    @Nullable
    String portFor(String wanted, BackendSpec by) {
        var ports = pods.ports();
        if (ports.containsKey(wanted)) {
            return wanted;
        }
        var number = by.ports().get(wanted);
        var same = ports.entrySet().stream()
                .filter(port -> port.getValue().equals(number))
                .map(Map.Entry::getKey)
                .findFirst();
        return same.orElseGet(
                () -> ports.size() == 1 ? ports.keySet().iterator().next() : null);
    }

    private static ObjectNode said(BackendSpec backend) {
        var said = JSON.<ObjectNode>valueToTree(backend);
        said.remove(NOT_OF_THE_PODS);
        return said;
    }

    /** Takes away what is as it is by default, so that a default that a later release adds changes no revision. */
    private static void strip(ObjectNode said, ObjectNode defaults) {
        defaults.properties().forEach(entry -> {
            var there = said.get(entry.getKey());
            if (entry.getValue().equals(there)) {
                said.remove(entry.getKey());
            } else if (there instanceof ObjectNode inner && entry.getValue() instanceof ObjectNode innerDefaults) {
                strip(inner, innerDefaults);
            }
        });
    }

    private static byte[] hash(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
