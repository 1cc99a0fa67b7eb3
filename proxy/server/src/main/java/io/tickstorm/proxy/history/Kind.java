package io.tickstorm.proxy.history;

/** What sort of thing has happened, and whether it is good news. */
public enum Kind {
    CAME("endpoint came", Tone.GOOD),
    LEFT("endpoint left", Tone.NEUTRAL),
    READY("endpoint ready", Tone.GOOD),
    NOT_READY("endpoint not ready", Tone.BAD),
    DRAINING("draining", Tone.NEUTRAL),
    RESUMED("resumed", Tone.GOOD),
    CHECK_FAILED("check failed", Tone.BAD),
    CHECK_PASSED("check passed", Tone.GOOD),
    UNREACHABLE("unreachable", Tone.BAD),
    EJECTED("ejected", Tone.BAD),
    RETURNED("returned", Tone.GOOD),
    CIRCUIT_OPENED("circuit opened", Tone.BAD),
    CIRCUIT_CLOSED("circuit closed", Tone.GOOD),
    PANIC("panic", Tone.BAD),
    MODE("mode changed", Tone.NEUTRAL),
    CONFIGURATION("configuration taken over", Tone.GOOD),
    CONFIGURATION_PARTLY("configuration taken over in part", Tone.BAD),
    CONFIGURATION_REFUSED("configuration refused", Tone.BAD),
    ENDING("ending", Tone.NEUTRAL);

    /** For who looks at it. */
    public enum Tone {
        GOOD,
        NEUTRAL,
        BAD
    }

    private final String words;
    private final Tone tone;

    Kind(String words, Tone tone) {
        this.words = words;
        this.tone = tone;
    }

    public String words() {
        return words;
    }

    public Tone tone() {
        return tone;
    }
}
