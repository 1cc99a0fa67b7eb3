package io.tickstorm.proxy.access;

import io.tickstorm.proxy.endpoint.FailureKind;
import io.tickstorm.proxy.listener.Protocol;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Entries as tests need them. */
public final class Entries {
    private Entries() {}

    /** A request that an attempt failed for, or that ended so. */
    public static Entry http(String id, Termination termination, int status, Try... tries) {
        return new Entry(
                "http",
                "web",
                "192.0.2.1:53422",
                Protocol.HTTP,
                "HTTP/1.1",
                new Entry.Request(id, "GET", "shop.example", "/cart"),
                status,
                0,
                214,
                0,
                3_251_000,
                List.of(tries),
                termination,
                "");
    }

    public static Try failed(String upstream, FailureKind failure) {
        return attempt(upstream, failure, 0);
    }

    public static Try answered(String upstream, int status) {
        return attempt(upstream, null, status);
    }

    private static Try attempt(String upstream, @Nullable FailureKind failure, int status) {
        return new Try(
                upstream,
                "10.0.0.1:8000",
                71_000,
                failure == null ? 0 : Try.NEVER,
                failure == null ? 2_402_000 : Try.NEVER,
                2_688_000,
                failure == null,
                failure,
                status);
    }
}
