package io.tickstorm.labs.stage;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/** Callers of several kinds who come at the same time, and while they come the lab goes on. */
public final class Crowd implements AutoCloseable {
    private final List<CompletableFuture<Callers>> kinds;

    /** Begins. */
    public Crowd(List<Callable<Callers>> kinds) {
        this.kinds = kinds.stream().map(Crowd::coming).toList();
    }

    private static CompletableFuture<Callers> coming(Callable<Callers> kind) {
        var coming = new CompletableFuture<Callers>();
        Thread.startVirtualThread(() -> {
            try {
                coming.complete(kind.call());
            } catch (Exception e) {
                coming.completeExceptionally(e);
            }
        });
        return coming;
    }

    /** Waits until all have come. */
    public void here() {
        kinds.forEach(CompletableFuture::join);
    }

    /** They go; those who are still coming go as soon as they are here. */
    @Override
    public void close() {
        kinds.forEach(kind -> kind.thenAccept(Callers::close));
    }
}
