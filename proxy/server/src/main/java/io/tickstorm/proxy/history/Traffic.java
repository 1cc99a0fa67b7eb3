package io.tickstorm.proxy.history;

import java.util.List;

/**
 * What a listener has counted since it was opened.
 *
 * @param accepted connections
 * @param refused connections that came while too many were open, or too fast
 * @param requests HTTP requests that were taken in; TCP sessions
 * @param answers to clients, by the first digit of the status from 1 to 5; empty for TCP
 * @param errors what clients saw go wrong: answers with 5xx and answers cut off; TCP sessions for which no upstream could be had
 * @param limited connections and requests of clients that were over their limits
 * @param flaws requests that broke the protocol
 * @param cancelled requests whose client left
 * @param retries attempts after the first of a request
 */
public record Traffic(
        long accepted,
        long refused,
        long requests,
        List<Long> answers,
        long errors,
        long limited,
        long flaws,
        long cancelled,
        long retries,
        long bytesIn,
        long bytesOut) {
    /** Nothing yet. */
    public static final Traffic NONE = new Traffic(0, 0, 0, List.of(), 0, 0, 0, 0, 0, 0, 0);

    public Traffic {
        answers = List.copyOf(answers);
    }

    /**
     * For each second.
     *
     * @param connections that were accepted
     * @param requests HTTP requests, TCP sessions
     * @param errors that clients saw
     */
    public record Rates(double connections, double requests, double errors, double bytesIn, double bytesOut) {
        public static final Rates NONE = new Rates(0, 0, 0, 0, 0);

        Rates plus(Rates other) {
            return new Rates(
                    connections + other.connections,
                    requests + other.requests,
                    errors + other.errors,
                    bytesIn + other.bytesIn,
                    bytesOut + other.bytesOut);
        }
    }

    /** What came since; all of it if the listener was opened anew meanwhile. */
    Rates since(Traffic before, double seconds) {
        if (seconds <= 0) {
            return Rates.NONE;
        }
        var from = accepted < before.accepted || bytesOut < before.bytesOut ? NONE : before;
        return new Rates(
                (accepted - from.accepted) / seconds,
                (requests - from.requests) / seconds,
                (errors - from.errors) / seconds,
                (bytesIn - from.bytesIn) / seconds,
                (bytesOut - from.bytesOut) / seconds);
    }
}
