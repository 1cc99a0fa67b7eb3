package io.tickstorm.operator.telemetry;

/**
 * What a proxy counted of one endpoint since it knows it.
 *
 * @param backend the backend's name in the proxy's configuration
 * @param upstream the pod's name; with its address behind it where two have the same name; {@code (others)} for what a proxy with more than 500 endpoints counts together
 * @param inFlight attempts that run now: HTTP requests, TCP connections
 * @param connections open to it now, idle ones included
 * @param attempts that began, retries included
 * @param failures attempts that failed: answers with 5xx, resets, timeouts, connections that could not be had
 * @param answers how long the others took, from the beginning to the head of the answer, for TCP to the connection; counted when they have ended
 */
public record UpstreamReport(
        String backend,
        String upstream,
        long inFlight,
        long connections,
        long attempts,
        long failures,
        Latencies answers) {}
