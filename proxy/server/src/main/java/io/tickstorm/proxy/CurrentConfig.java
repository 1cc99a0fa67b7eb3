package io.tickstorm.proxy;

import io.tickstorm.proxy.admin.State.ConfigState;
import io.tickstorm.proxy.config.ProxyConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Which configuration was taken over last, and what is wrong with the last one that came. Any thread. */
final class CurrentConfig {
    /** What the parts that cannot change while we run were made from. */
    private final ProxyConfig started;

    private final Supplier<List<String>> files;

    private volatile ProxyConfig taken;
    private volatile String hash = "";
    /** What could not be taken over of it. */
    private volatile List<String> untaken = List.of();
    /** Why a newer one was not taken over at all. */
    private volatile List<String> refused = List.of();

    /** @param files what is wrong with files that it names and that have changed since, one line each */
    CurrentConfig(ProxyConfig started, Supplier<List<String>> files) {
        this.files = files;
        this.started = started;
        this.taken = started;
    }

    ProxyConfig taken() {
        return taken;
    }

    void take(ProxyConfig changed) {
        taken = changed;
    }

    /** The text of this hash is what was taken over last. */
    void text(String of) {
        hash = of;
    }

    /** {@link io.tickstorm.proxy.config.ConfigHash} of the text that was taken over last; empty before there was one. */
    String hash() {
        return hash;
    }

    /** Whether a newer text than that was refused. */
    boolean refused() {
        return !refused.isEmpty();
    }

    /**
     * A change is through.
     *
     * @param left what backends and listeners could not take over of it, one line each
     * @return the same, and what only a restart can take over
     */
    List<String> changed(ProxyConfig changed, List<String> left) {
        var all = new ArrayList<>(left);
        all.addAll(onlyAtStart(started, changed));
        untaken = List.copyOf(all);
        return untaken;
    }

    /** One came of which nothing is taken over, for these reasons; none = the last one that came was right. */
    void refused(List<String> messages) {
        refused = List.copyOf(messages);
    }

    /** What is wrong with the last one that came, one line each; empty if all of it was taken over. */
    List<String> problems() {
        var newer = refused;
        return with(newer.isEmpty() ? untaken : newer, files.get());
    }

    /** @param running what holds now */
    ConfigState state(ProxyConfig running) {
        var newer = refused;
        return new ConfigState(running, hash, problems(), !newer.isEmpty());
    }

    private static List<String> with(List<String> problems, List<String> more) {
        return Stream.concat(problems.stream(), more.stream()).toList();
    }

    private static List<String> onlyAtStart(ProxyConfig before, ProxyConfig after) {
        var problems = new ArrayList<String>();
        var was = before.toMap();
        var wanted = after.toMap();
        for (var section : ProxyConfig.FIXED_AT_START) {
            restart(problems, section, was.getOrDefault(section, "none"), wanted.getOrDefault(section, "none"));
        }
        if (after.drain().total().compareTo(before.drain().total()) > 0) {
            // The limit after which the process ends in any case was set at the start.
            restart(problems, "drain", before.drain(), after.drain());
        }
        return problems;
    }

    private static void restart(List<String> problems, String path, Object before, Object after) {
        if (!before.equals(after)) {
            problems.add(path + ": changed from " + before + " to " + after + ": needs a restart");
        }
    }
}
