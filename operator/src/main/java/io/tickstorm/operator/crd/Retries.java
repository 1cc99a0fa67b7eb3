package io.tickstorm.operator.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.kubernetes.api.model.Quantity;
import org.jspecify.annotations.Nullable;

/** Further attempts of a request, in the proxy's words. */
public record Retries(
        @JsonPropertyDescription("Attempts after the first. Left out: 2.") @Min(0) @Max(10) @Nullable
        Integer attempts,

        @JsonPropertyDescription(
                "How many retries the requests that run pay for, so that retries never multiply an overload.")
        @Nullable
        Budget budget,

        @JsonPropertyDescription(
                "Largest request body that is kept for another attempt, a quantity of bytes. Left out: 64Ki.")
        @Nullable
        Quantity bodyLimit) {

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
