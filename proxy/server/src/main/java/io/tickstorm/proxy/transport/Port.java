package io.tickstorm.proxy.transport;

import io.tickstorm.proxy.admission.AcceptRate;
import io.tickstorm.proxy.admission.ClientLimits;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * A port that is bound, whatever is spoken there. Any thread.
 *
 * <p>Its end: {@link #announceClose}, so that clients open their next connection elsewhere; after the drain delay
 * {@link #stopAccepting}; then {@link #whenEmpty}, or {@link #abort}.
 */
public interface Port {
    /** 1..65535. */
    int number();

    /** Connections of clients that are open; exact. */
    int connections();

    /** Connections of clients since the start. */
    long accepted();

    /** Connections that were ended at once, because too many were open. */
    long refused();

    /** How fast it takes new connections; may change while it serves. */
    AcceptRate accepting();

    /** What single clients may do; its settings may change while it serves. */
    ClientLimits clients();

    /** How connections to come begin; may change while it serves. */
    Beginning beginning();

    /** Tells clients, where the protocol can, that the connection will be closed; new ones are accepted still. */
    default void announceClose() {}

    /** Closes the port, and connections on which nothing runs; what runs goes on. Completes when it is closed. */
    CompletionStage<Void> stopAccepting();

    /** Completes when the port is closed and nothing runs any more. */
    CompletionStage<Void> whenEmpty();

    /** What runs, one line each, for the log. A reading of moving things: may be a moment old. */
    List<String> describe();

    /**
     * Tells what would not end by itself to end, where the protocol can, one after the other.
     *
     * @param window from now until {@link #abort}
     */
    default void part(Duration window) {}

    /** Cuts off what runs, so that nobody takes it for complete. */
    void abort();
}
