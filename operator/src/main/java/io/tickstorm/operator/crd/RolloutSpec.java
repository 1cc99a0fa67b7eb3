package io.tickstorm.operator.crd;

import static java.util.Objects.requireNonNullElse;
import static java.util.Objects.requireNonNullElseGet;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a new version of the backends takes over from the one that runs. */
@ValidationRule(
        value = "!has(self.promote) || !has(self.abort) || self.promote != self.abort",
        message = "promote and abort name the same revision; remove one of them")
public record RolloutSpec(
        @JsonPropertyDescription(
                "RollingUpdate replaces pod by pod. BlueGreen starts all pods of the new version beside the old ones and then moves the traffic at once."
                        + " Canary moves it in steps, each judged by what the proxies measure of both versions.")
        @Default("RollingUpdate")
        Strategy strategy,

        @JsonPropertyDescription(
                "The steps of strategy Canary; says nothing with another one. Left out: 5, 25 and 50 percent for two minutes each.")
        @Nullable
        Canary canary,

        @JsonPropertyDescription(
                "When strategy BlueGreen moves the traffic; says nothing with another one. Left out: once promote names the revision.")
        @Nullable
        BlueGreen blueGreen,

        @JsonPropertyDescription(
                "How long the former version runs on without traffic after BlueGreen or Canary has replaced it, for an instant way back. Such as 5m; 0s is not at all.")
        @Default("5m")
        @Pattern(Durations.PATTERN)
        @Size(max = 32)
        String keepPrevious,

        @JsonPropertyDescription(
                "How long the pods of a new version may be short of ready before BlueGreen or Canary gives it up. Such as 10m.")
        @Default("10m")
        @Pattern(Durations.PATTERN)
        @Size(max = 32)
        String progressDeadline,

        @JsonPropertyDescription(
                "A revision, as status.rollout.revision tells it, that need not wait for a person: BlueGreen moves the traffic to it as soon as its pods are ready,"
                        + " pauses of Canary without an end are over for it, and so is waiting for enough requests to judge it by. It is still given up if it does badly.")
        @Pattern(REVISION)
        @Size(max = 16)
        @Nullable
        String promote,

        @JsonPropertyDescription(
                "A revision, as status.rollout.revision tells it, that must not take traffic: it is given up, and the way back is instant while the former version runs.")
        @Pattern(REVISION)
        @Size(max = 16)
        @Nullable
        String abort) {

    static final String REVISION = "^r[0-9a-f]{8}$";

    /** Who stands beside whom while versions change. */
    public enum Strategy {
        @JsonProperty("RollingUpdate")
        ROLLING_UPDATE("RollingUpdate"),
        @JsonProperty("BlueGreen")
        BLUE_GREEN("BlueGreen"),
        @JsonProperty("Canary")
        CANARY("Canary");

        private final String word;

        Strategy(String word) {
            this.word = word;
        }

        /** As the resource says it. */
        public String word() {
            return word;
        }
    }

    /** Traffic in steps. */
    public record Canary(
            @JsonPropertyDescription(
                    "Shares of the traffic that the new version gets one after the other, each above the one before; after the last one it gets all."
                            + " Left out: 5, 25 and 50 percent for two minutes each.")
            @Size(min = 1, max = 20)
            @ValidationRule(
                    value =
                            "self.all(a, self.exists_one(b, a.weight == b.weight)) && (size(self) < 2 || self.map(step, step.weight).isSorted())",
                    message = "each step has a weight above the one before; put them in order")
            List<Step> steps,

            @JsonPropertyDescription("When a version is good enough for its next step, and when it is given up.")
            Analysis analysis) {

        private static final List<Step> STEPS = List.of(new Step(5, "2m"), new Step(25, "2m"), new Step(50, "2m"));

        public Canary(@Nullable List<Step> steps, @Nullable Analysis analysis) {
            this.steps = steps == null || steps.isEmpty() ? STEPS : List.copyOf(steps);
            this.analysis = requireNonNullElseGet(analysis, Analysis::defaults);
        }

        /** What is meant where nothing is said. */
        public static Canary defaults() {
            return new Canary(null, null);
        }
    }

    /** A share of the traffic for a while. */
    public record Step(
            @JsonPropertyDescription("Percent of the requests and connections that the new version gets.")
            @Required
            @Min(1)
            @Max(100)
            Integer weight,

            @JsonPropertyDescription(
                    "How long the step lasts once every proxy has it. Such as 10m. Left out: until promote names the revision.")
            @Pattern(Durations.PATTERN)
            @Size(max = 32)
            @Nullable
            String pause) {}

    /** What is good enough. */
    public record Analysis(
            @JsonPropertyDescription("Whether steps are judged. Off, only time and people decide.") @Default("true")
            Boolean enabled,

            @JsonPropertyDescription("How long is measured before each verdict. Such as 30s.")
            @Default("30s")
            @Pattern(Durations.PATTERN)
            @Size(max = 32)
            String interval,

            @JsonPropertyDescription(
                    "Requests that the new version must have got for a good verdict; until then the step goes on.")
            @Default("50")
            @Min(1)
            @Max(1_000_000)
            Integer minRequests,

            @JsonPropertyDescription(
                    "Most requests that may fail, in percent: those answered with 5xx, and those not answered. More is bad if chance does not explain it and the old version does better.")
            @Default("1")
            @Min(0)
            @Max(100)
            Integer maxErrorPercent,

            @JsonPropertyDescription(
                    "Longest time to the answer's head of 99 percent of the requests. Such as 500ms. Left out: any.")
            @Pattern(Durations.PATTERN)
            @Size(max = 32)
            @Nullable
            String maxP99,

            @JsonPropertyDescription(
                    "How many percent of the old version's time to the answer's head the new version's may be, for 99 percent of the requests; a difference below 10ms does not count. 0 does not compare them.")
            @Default("200")
            @Min(0)
            @Max(10_000)
            Integer maxP99Percent,

            @JsonPropertyDescription("Bad verdicts in a row that give the version up.") @Default("2") @Min(1) @Max(100)
            Integer failures) {

        public Analysis(
                @Nullable Boolean enabled,
                @Nullable String interval,
                @Nullable Integer minRequests,
                @Nullable Integer maxErrorPercent,
                @Nullable String maxP99,
                @Nullable Integer maxP99Percent,
                @Nullable Integer failures) {
            this.enabled = requireNonNullElse(enabled, true);
            this.interval = requireNonNullElse(interval, "30s");
            this.minRequests = requireNonNullElse(minRequests, 50);
            this.maxErrorPercent = requireNonNullElse(maxErrorPercent, 1);
            this.maxP99 = maxP99;
            this.maxP99Percent = requireNonNullElse(maxP99Percent, 200);
            this.failures = requireNonNullElse(failures, 2);
        }

        static Analysis defaults() {
            return new Analysis(null, null, null, null, null, null, null);
        }
    }

    /** All traffic at once. */
    public record BlueGreen(
            @JsonPropertyDescription(
                    "How long the new version stands ready before it gets the traffic by itself. Such as 10m; 0s is at once. Left out: until promote names the revision.")
            @Pattern(Durations.PATTERN)
            @Size(max = 32)
            @Nullable
            String promoteAfter) {}

    public RolloutSpec(
            @Nullable Strategy strategy,
            @Nullable Canary canary,
            @Nullable BlueGreen blueGreen,
            @Nullable String keepPrevious,
            @Nullable String progressDeadline,
            @Nullable String promote,
            @Nullable String abort) {
        this.strategy = requireNonNullElse(strategy, Strategy.ROLLING_UPDATE);
        this.canary = canary;
        this.blueGreen = blueGreen;
        this.keepPrevious = requireNonNullElse(keepPrevious, "5m");
        this.progressDeadline = requireNonNullElse(progressDeadline, "10m");
        this.promote = promote;
        this.abort = abort;
    }

    /** How many steps there are before promotion. */
    @JsonIgnore
    public int steps() {
        return switch (strategy) {
            case ROLLING_UPDATE -> 0;
            case BLUE_GREEN -> 1;
            case CANARY -> (canary == null ? Canary.defaults() : canary).steps().size();
        };
    }

    static RolloutSpec defaults() {
        return new RolloutSpec(null, null, null, null, null, null, null);
    }
}
