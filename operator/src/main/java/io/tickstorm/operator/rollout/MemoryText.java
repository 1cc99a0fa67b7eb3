package io.tickstorm.operator.rollout;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tickstorm.operator.desired.Slot;
import io.tickstorm.operator.desired.Version;
import io.tickstorm.operator.rollout.Memory.Aborted;
import io.tickstorm.operator.rollout.Memory.Kept;
import io.tickstorm.operator.rollout.Trial.Withdrawal;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A memory as text, to be read by the same or another release. */
public final class MemoryText {
    private static final JsonMapper JSON = new JsonMapper();

    private MemoryText() {}

    public static String write(Memory memory) {
        var root = JSON.createObjectNode();
        root.put("active", memory.active().name());
        root.set("stable", memory.stable().words());
        var trial = memory.trial();
        if (trial != null) {
            root.set("trial", trial(trial));
        }
        var kept = memory.kept();
        if (kept != null) {
            root.putObject("kept")
                    .put("replicas", kept.replicas())
                    .put("since", kept.since().toString())
                    .set("version", kept.version().words());
        }
        var aborted = memory.aborted();
        if (aborted != null) {
            root.putObject("aborted")
                    .put("revision", aborted.revision())
                    .put("why", aborted.why())
                    .put("at", aborted.at().toString());
        }
        return root.toPrettyString();
    }

    /** @throws IllegalArgumentException if it is not what {@link #write} writes */
    public static Memory read(String text) {
        try {
            var root = JSON.readTree(text);
            return new Memory(
                    Slot.valueOf(root.path("active").asText()),
                    Version.read(root.path("stable")),
                    root.has("trial") ? trial(root.path("trial")) : null,
                    root.has("kept") ? kept(root.path("kept")) : null,
                    root.has("aborted") ? aborted(root.path("aborted")) : null);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e.getOriginalMessage(), e);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static ObjectNode trial(Trial trial) {
        var node = JSON.createObjectNode()
                .put("stages", trial.stages())
                .put("step", trial.step())
                .put("weight", trial.weight())
                .put("settled", text(trial.settled()))
                .put("shortSince", text(trial.shortSince()))
                .put("bad", trial.bad())
                .put("good", trial.good())
                .put("floor", trial.floor())
                .put("back", trial.back());
        node.set("version", trial.version().words());
        var withdrawal = trial.withdrawal();
        if (withdrawal != null) {
            node.putObject("withdrawal")
                    .put("failed", withdrawal.failed())
                    .put("why", withdrawal.why())
                    .put("from", withdrawal.from())
                    .put("since", withdrawal.since().toString());
        }
        return node;
    }

    private static Trial trial(JsonNode node) {
        var withdrawal = node.path("withdrawal");
        return new Trial(
                Version.read(node.path("version")),
                node.path("stages").asText(),
                node.path("step").asInt(),
                node.path("weight").asInt(),
                instant(node.path("settled")),
                instant(node.path("shortSince")),
                node.path("bad").asInt(),
                node.path("good").asBoolean(),
                node.path("floor").asInt(),
                node.path("back").asInt(),
                withdrawal.isMissingNode()
                        ? null
                        : new Withdrawal(
                                withdrawal.path("failed").asBoolean(),
                                withdrawal.path("why").asText(),
                                withdrawal.path("from").asInt(),
                                Instant.parse(withdrawal.path("since").asText())));
    }

    private static Kept kept(JsonNode node) {
        return new Kept(
                Version.read(node.path("version")),
                node.path("replicas").asInt(),
                Instant.parse(node.path("since").asText()));
    }

    private static Aborted aborted(JsonNode node) {
        return new Aborted(
                node.path("revision").asText(),
                node.path("why").asText(),
                Instant.parse(node.path("at").asText()));
    }

    private static @Nullable String text(@Nullable Instant at) {
        return at == null ? null : at.toString();
    }

    private static @Nullable Instant instant(JsonNode node) {
        return node.isTextual() ? Instant.parse(node.asText()) : null;
    }
}
