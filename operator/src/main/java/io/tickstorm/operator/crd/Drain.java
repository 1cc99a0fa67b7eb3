package io.tickstorm.operator.crd;

import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import org.jspecify.annotations.Nullable;

/** How a pod that is to end first loses its new work, then finishes what runs. */
public record Drain(
        @JsonPropertyDescription(
                "How long the pod goes on serving as before once it has been asked to end, while everyone learns of it. Such as 5s.")
        @Default("5s")
        @Pattern(Durations.PATTERN)
        @Size(max = 32)
        String delay,

        @JsonPropertyDescription("How long requests and connections may then take to finish. Such as 25s.")
        @Default("25s")
        @Pattern(Durations.PATTERN)
        @Size(max = 32)
        String timeout) {

    public Drain(@Nullable String delay, @Nullable String timeout) {
        this.delay = requireNonNullElse(delay, "5s");
        this.timeout = requireNonNullElse(timeout, "25s");
    }

    static Drain defaults() {
        return new Drain(null, null);
    }
}
