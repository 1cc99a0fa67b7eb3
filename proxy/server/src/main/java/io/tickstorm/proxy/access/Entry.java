package io.tickstorm.proxy.access;

import io.tickstorm.proxy.listener.Protocol;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request, or a TCP connection, that has ended.
 *
 * @param listener the name of the listener
 * @param backend the name of the backend; empty if it ended before one was chosen
 * @param client its address, {@code host:port}
 * @param version what the client spoke, {@code HTTP/1.0}, {@code HTTP/1.1} or {@code HTTP/2}; empty for TCP, and before anything was said
 * @param request what was asked; null for TCP, and if no head could be read
 * @param status of the answer that the client got; 0 if it got none, and for TCP
 * @param bytesIn of bodies, or of the connection, from the client
 * @param bytesOut to the client
 * @param waitedNanos for an upstream, for a place at one, or for the budget to pay for a retry
 * @param totalNanos from its first byte (for TCP from the accept) to its end
 * @param tries the attempts in their order
 * @param termination why it ended
 * @param detail more in words, for example what was wrong with the request; empty = nothing to add
 */
public record Entry(
        String listener,
        String backend,
        String client,
        Protocol protocol,
        String version,
        @Nullable Request request,
        int status,
        long bytesIn,
        long bytesOut,
        long waitedNanos,
        long totalNanos,
        List<Try> tries,
        Termination termination,
        String detail) {

    /**
     * What was asked. Texts that are longer than a log needs are cut.
     *
     * @param id the one in {@code X-Request-Id}
     * @param path without the query, in which secrets may be
     */
    public record Request(String id, String method, String host, String path) {
        private static final int LONGEST_WORD = 255;
        private static final int LONGEST_PATH = 1024;

        public Request {
            id = cut(id, LONGEST_WORD);
            method = cut(method, LONGEST_WORD);
            host = cut(host, LONGEST_WORD);
            path = cut(path, LONGEST_PATH);
        }

        private static String cut(String text, int longest) {
            return text.length() <= longest ? text : text.substring(0, longest) + "...";
        }
    }

    public Entry {
        tries = List.copyOf(tries);
    }

    /**
     * Whether somebody may want to know why: it did not end well, it needed more than one attempt, or the answer says that a
     * server failed. The data path asks this before there is an entry.
     *
     * @param status of the answer, 0 if there was none
     * @param attempts how many there were
     */
    public static boolean failed(Termination termination, int status, int attempts) {
        return termination != Termination.COMPLETE || status >= 500 || attempts > 1;
    }
}
