package io.tickstorm.proxy.tls;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The TLS of all backends, by their names. Any thread. */
public final class UpstreamTls {
    private final Map<String, ClientTls> byBackend = new ConcurrentHashMap<>();

    /** Null for a backend that nobody has added: it is spoken to in plain. */
    public @Nullable ClientTls of(String backend) {
        return byBackend.get(backend);
    }

    public void add(String backend, ClientTls tls) {
        byBackend.put(backend, tls);
    }

    public void remove(ClientTls tls) {
        byBackend.values().remove(tls);
    }
}
