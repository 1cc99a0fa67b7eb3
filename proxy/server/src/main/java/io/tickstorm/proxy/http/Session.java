package io.tickstorm.proxy.http;

import io.tickstorm.proxy.admission.Parting;
import io.tickstorm.proxy.endpoint.Upstream;
import java.util.stream.Stream;

/** What is spoken on a client's connection, as its listener sees it. On the connection's event loop, but {@link #progress}. */
interface Session {
    /** Nothing is heard of this upstream, on which requests may wait. */
    void silent(Upstream upstream);

    /** The listener has begun to drain: the client is to open its next connection elsewhere. */
    void announceClose();

    /** Closes it if no request runs or has begun to come. */
    void closeIfIdle();

    /** What would not end by itself is told to end, when it has its turn. */
    void part(Parting parting);

    /** The proxy ends, whatever runs. */
    void abort();

    /** What runs, for the log. Any thread; may be a moment old. */
    Stream<String> progress();
}
