package io.tickstorm.operator.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Further attempts of a request, in the proxy's words. */
public record Retries(
        @JsonPropertyDescription("Attempts after the first. Left out: 2.") @Min(0) @Max(10) @Nullable
        Integer attempts,

        @JsonPropertyDescription(
                "How long one attempt may take to its response head; then requests that may be repeated are tried elsewhere; 0s is as long as the whole request. Left out: 0s.")
        @Pattern(Durations.PATTERN)
        @Size(max = 32)
        @Nullable
        String perTryTimeout,

        @JsonPropertyDescription(
                "Answers, 500 to 599, to requests that may be repeated that are tried elsewhere. Left out: 502, 503 and 504.")
        @Size(max = 100)
        @Nullable
        List<@Min(500) @Max(599) Integer> statuses,

        @JsonPropertyDescription(
                "Whether requests with a field Idempotency-Key may be repeated, whatever their method. Left out: false.")
        @Nullable
        Boolean idempotencyKey,

        @JsonPropertyDescription("How long a retry waits; chance decides how much of it.") @Nullable
        Backoff backoff,

        @JsonPropertyDescription(
                "How many retries the requests that run pay for, so that retries never multiply an overload.")
        @Nullable
        Budget budget,

        @JsonPropertyDescription(
                "Largest request body that is kept for another attempt, a quantity of bytes. Left out: 64Ki.")
        @Nullable
        Quantity bodyLimit) {

    public Retries {
        statuses = statuses == null ? null : List.copyOf(statuses);
    }

    /** Twice as long with each further retry. */
    public record Backoff(
            @JsonPropertyDescription(
                    "What the first retry waits at most; doubled with each further one. Left out: 25ms.")
            @Pattern(Durations.PATTERN)
            @Size(max = 32)
            @Nullable
            String base,

            @JsonPropertyDescription("Where the doubling ends, no less than base. Left out: 250ms.")
            @Pattern(Durations.PATTERN)
            @Size(max = 32)
            @Nullable
            String max) {}

    /** The share of requests that may be retries. */
    public record Budget(
            @JsonPropertyDescription("Retries at a time, in percent of the requests at a time. Left out: 20.")
            @Min(0)
            @Max(100)
            @Nullable
            Integer percent,

            @JsonPropertyDescription("Retries at a time that are always allowed. Left out: 3.")
            @Min(0)
            @Max(1000)
            @Nullable
            Integer minimum) {}
}
