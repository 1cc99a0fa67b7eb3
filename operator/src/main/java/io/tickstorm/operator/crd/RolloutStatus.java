package io.tickstorm.operator.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** What the operator says about versions of the backends. */
public record RolloutStatus(
        @JsonPropertyDescription("How versions change: spec.backend.rollout.strategy.")
        String strategy,

        @JsonPropertyDescription(
                "Where the change of versions is: Stable (there is none), Starting (pods of the new version start), Step (it gets a share of the traffic), Waiting (it stands ready"
                        + " without traffic), Promoting (it gets all), Kept (it has all, the former version runs on), Withdrawing (it is being taken out), Aborted (it was given up).")
        String phase,

        @JsonPropertyDescription("The version that the specification asks for; what promote and abort name.")
        String revision,

        @JsonPropertyDescription("The version that has proved itself; it takes what the new one does not get.")
        String stableRevision,

        @JsonPropertyDescription("The former version, while its pods still run for an instant way back.") @Nullable
        String previousRevision,

        @JsonPropertyDescription(
                "The version that was given up; it is not tried again until the specification asks for another one.")
        @Nullable
        String abortedRevision,

        @JsonPropertyDescription("The step of the new version, of how many. Such as 2/3.") @Nullable
        String step,

        @JsonPropertyDescription("Percent of the traffic that the new version gets.")
        Integer weight,

        @JsonPropertyDescription("Percent of the traffic that the stable version gets.")
        Integer stableWeight,

        @JsonPropertyDescription("Proxies that have taken over these shares, of those that are ready. Such as 2/3.")
        @Nullable
        String acknowledged,

        @JsonPropertyDescription("What was last found of the new version: Good, Bad or Undecided.") @Nullable
        String verdict,

        @JsonPropertyDescription("Why, with the numbers, and what is waited for.")
        String message) {}
