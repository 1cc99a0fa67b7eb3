package io.tickstorm.cli.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.tickstorm.cli.fleet.Standing;
import io.tickstorm.operator.crd.BackendSpec;
import io.tickstorm.operator.desired.Version;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Words for the operator about versions of the backends, in the fields of the resource that are there for them. */
public final class Rollouts {
    private static final String MANAGER = "tickstorm-cli";
    private static final Set<String> UNDER_WAY = Set.of("Starting", "Step", "Waiting", "Promoting");
    private static final List<String> NOT_OF_THE_PODS = List.of("replicas", "rollout");
    private static final JsonMapper JSON = new JsonMapper();
    private static final ResourceDefinitionContext CLUSTERS = new ResourceDefinitionContext.Builder()
            .withGroup("tickstorm.io")
            .withVersion("v1alpha1")
            .withKind("TickStormCluster")
            .withPlural("tickstormclusters")
            .withNamespaced(true)
            .build();

    private final KubePlace place;

    public Rollouts(KubePlace place) {
        this.place = place;
    }

    /**
     * Lets the version that is under way go on without waiting for a person.
     *
     * @return what was done, for the user
     * @throws IOException with a message for the user if there is nothing to promote
     */
    public String promote(Standing standing) throws IOException {
        var rollout = rollout(standing);
        var phase = rollout.getString("phase", "");
        var revision = rollout.getString("revision", "");
        if (!UNDER_WAY.contains(phase)) {
            throw nothing(standing, "promote", "a version under way");
        }
        say(standing, "promote", "abort", revision);
        return standing.name() + ": " + revision + " may go on; follow it with: rollout status " + standing.name()
                + " --watch";
    }

    /**
     * Takes the version that is under way, or that has just taken over, out.
     *
     * @return what was done, for the user
     * @throws IOException with a message for the user if there is nothing to abort
     */
    public String abort(Standing standing) throws IOException {
        var rollout = rollout(standing);
        var phase = rollout.getString("phase", "");
        var revision = rollout.getString("revision", "");
        if (!UNDER_WAY.contains(phase) && !phase.equals("Kept")) {
            throw nothing(standing, "abort", "a version under way, or one whose former version still runs");
        }
        say(standing, "abort", "promote", revision);
        return standing.name() + ": " + revision + " is given up, "
                + (phase.equals("Kept") ? rollout.getString("previousRevision") : rollout.getString("stableRevision"))
                + " gets all the traffic; the specification still asks for what was given up: change it, or run rollout undo "
                + standing.name();
    }

    /**
     * Has the specification ask for the version of before: the stable one while another is under way or was given up, the former one while it still runs.
     *
     * @return what was done, for the user
     * @throws IOException with a message for the user if no version of before is remembered
     */
    public String undo(Standing standing) throws IOException {
        var rollout = rollout(standing);
        var record =
                place.get("/api/v1/namespaces/" + place.namespace() + "/configmaps/" + standing.name() + "-rollout");
        if (record == null) {
            throw new IOException(standing.name() + ": no version is remembered, ConfigMap " + standing.name()
                    + "-rollout is not there; apply the specification of before");
        }
        var memory = read(record.getJsonObject("data", new JsonObject()).getString("rollout.json", "{}"));
        var now = Version.read(JSON.createObjectNode().put("image", "any").set("pods", pods(standing)));
        var former = former(standing, rollout, memory);
        var patch =
                difference(strip(now.words().path("pods")), strip(former.words().path("pods")));
        if (patch.isEmpty()) {
            throw new IOException(standing.name() + ": the specification asks for " + former.revision()
                    + " already; the image that a release of the operator brings goes back with that release only");
        }
        var spec = JSON.createObjectNode();
        spec.putObject("spec").set("backend", patch);
        patch(standing.name(), spec);
        return standing.name() + ": the specification asks for " + former.revision() + " again (" + patch + ")";
    }

    private static Version former(Standing standing, JsonObject rollout, JsonNode memory) throws IOException {
        var kept = memory.path("kept").path("version");
        if (rollout.getString("phase", "").equals("Kept") && !kept.isMissingNode()) {
            return Version.read(kept);
        }
        var stable = memory.path("stable");
        if (stable.isMissingNode()
                || rollout.getString("revision", "").equals(rollout.getString("stableRevision", ""))) {
            throw new IOException(
                    standing.name()
                            + ": nothing to undo (expected: a version under way, given up, or just promoted; only one runs, and the one before is not remembered; apply its specification)");
        }
        return Version.read(stable);
    }

    private static JsonObject rollout(Standing standing) throws IOException {
        var rollout = standing.rollout();
        if (rollout == null) {
            throw new IOException(
                    standing.name() + ": the operator has said nothing of versions yet (expected: status.rollout)");
        }
        return rollout;
    }

    private static IOException nothing(Standing standing, String word, String expected) throws IOException {
        var rollout = rollout(standing);
        return new IOException(standing.name() + ": nothing to " + word + " (expected: " + expected + "; the phase is "
                + rollout.getString("phase", "") + ": " + rollout.getString("message", "") + ")");
    }

    /** A word for one version is never a word against it as well. */
    private void say(Standing standing, String word, String opposite, String revision) throws IOException {
        var spec = JSON.createObjectNode();
        var rollout = spec.putObject("spec").putObject("backend").putObject("rollout");
        rollout.put(word, revision);
        var said = standing.spec()
                .getJsonObject("backend", new JsonObject())
                .getJsonObject("rollout", new JsonObject())
                .getString(opposite);
        if (revision.equals(said)) {
            rollout.set(opposite, JsonNodeFactory.instance.nullNode());
        }
        patch(standing.name(), spec);
    }

    private void patch(String cluster, ObjectNode merge) throws IOException {
        try {
            place.client()
                    .genericKubernetesResources(CLUSTERS)
                    .inNamespace(place.namespace())
                    .withName(cluster)
                    .patch(
                            new PatchContext.Builder()
                                    .withPatchType(PatchType.JSON_MERGE)
                                    .withFieldManager(MANAGER)
                                    .build(),
                            merge.toString());
        } catch (KubernetesClientException e) {
            throw new IOException(Refusals.words(e), e);
        }
    }

    private static JsonNode pods(Standing standing) throws IOException {
        var said =
                read(standing.spec().getJsonObject("backend", new JsonObject()).encode());
        try {
            // As the operator reads it: what is left out has its default.
            return JSON.valueToTree(JSON.treeToValue(said, BackendSpec.class));
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IOException("spec.backend: " + e.getOriginalMessage(), e);
        }
    }

    private static JsonNode read(String text) throws IOException {
        return JSON.readTree(text);
    }

    private static ObjectNode strip(JsonNode pods) {
        var stripped = pods.isObject() ? ((ObjectNode) pods).deepCopy() : JSON.createObjectNode();
        stripped.remove(NOT_OF_THE_PODS);
        return stripped;
    }

    /** What a merge patch (RFC 7396) has to say to make {@code wanted} of {@code there}. */
    static ObjectNode difference(ObjectNode there, ObjectNode wanted) {
        var patch = JSON.createObjectNode();
        there.fieldNames().forEachRemaining(key -> {
            if (!wanted.has(key)) {
                patch.putNull(key);
            }
        });
        wanted.properties().forEach(entry -> {
            var former = there.get(entry.getKey());
            if (former instanceof ObjectNode inner && entry.getValue() instanceof ObjectNode innerWanted) {
                var deeper = difference(inner, innerWanted);
                if (!deeper.isEmpty()) {
                    patch.set(entry.getKey(), deeper);
                }
            } else if (!same(former, entry.getValue())) {
                patch.set(entry.getKey(), entry.getValue());
            }
        });
        return patch;
    }

    private static boolean same(@Nullable JsonNode one, JsonNode other) {
        return other.equals(one);
    }
}
