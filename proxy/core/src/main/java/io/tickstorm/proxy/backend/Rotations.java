package io.tickstorm.proxy.backend;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** The rotation of this moment, and how it follows what changes. Any thread. */
final class Rotations {
    private final Consumer<BackendEvent> events;
    private final Runnable refreshed;
    private final AtomicReference<Rotation> current;
    private volatile Rotation.Rule rule;
    private volatile List<Member> members = List.of();

    /** @param refreshed run after each {@link #refresh} */
    Rotations(Rotation.Rule rule, Consumer<BackendEvent> events, Runnable refreshed) {
        this.rule = rule;
        this.events = events;
        this.refreshed = refreshed;
        this.current = new AtomicReference<>(Rotation.of(List.of(), rule));
    }

    Rotation current() {
        return current.get();
    }

    /** All members, whatever holds them back. */
    List<Member> members() {
        return members;
    }

    /** Replaces the members. For the control thread. */
    void replace(List<Member> changed) {
        members = changed;
        refresh();
    }

    /** Goes by another rule. For the control thread. */
    void replace(Rotation.Rule changed) {
        rule = changed;
        refresh();
    }

    /**
     * Works out the rotation anew; to be called after anything that it depends on has changed. When this returns, the
     * current rotation shows that change: should another thread that has not seen it swap its own rotation in first, our
     * swap fails and we work it out again.
     */
    void refresh() {
        Rotation before;
        Rotation after;
        do {
            before = current.get();
            after = Rotation.of(members, rule);
        } while (!current.compareAndSet(before, after));
        if (before.mode() != after.mode()) {
            events.accept(new BackendEvent.ModeChanged(before.mode(), after.mode()));
        }
        refreshed.run();
    }
}
