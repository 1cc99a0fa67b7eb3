package io.tickstorm.proxy.health;

/** The answer to one check. */
public sealed interface ProbeResult {
    /** The upstream is well. */
    record Passed() implements ProbeResult {}

    /** @param reason what was seen, for people: {@code connection refused}, {@code status 503} */
    record Failed(String reason) implements ProbeResult {}
}
