package io.tickstorm.proxy.backend;

import io.tickstorm.proxy.endpoint.FailureKind;
import io.tickstorm.proxy.endpoint.Upstream;
import java.time.Duration;

/** A change of standing, told once, for logs. */
public sealed interface BackendEvent {
    /** @param reason what the last check saw */
    record CheckFailed(Upstream upstream, String reason) implements BackendEvent {}

    record CheckPassed(Upstream upstream) implements BackendEvent {}

    /**
     * @param kind the failure that opened the breaker
     * @param time until it probes
     */
    record CircuitOpened(Upstream upstream, FailureKind kind, Duration time) implements BackendEvent {}

    record CircuitClosed(Upstream upstream) implements BackendEvent {}

    /**
     * It did worse than its peers, or fell silent.
     *
     * @param detail the numbers that caused it
     * @param time until one request finds out how it is
     */
    record Ejected(Upstream upstream, String detail, Duration time) implements BackendEvent {}

    /** One that was ejected has answered well. */
    record Returned(Upstream upstream) implements BackendEvent {}

    /**
     * No connection to it could be made; told once for as long as that holds it back.
     *
     * @param kind which of the connect failures
     */
    record Unreachable(Upstream upstream, FailureKind kind) implements BackendEvent {}

    /** Work goes out on another ground than before. */
    record ModeChanged(Mode before, Mode after) implements BackendEvent {}
}
