package io.tickstorm.proxy.tls;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was made of settings and of the files that they name; made again when one of these changes. Whoever changes something may
 * block, and goes one after the other; whoever takes what there is takes a value and no lock.
 *
 * @param <S> settings, equal if they say the same
 * @param <C> what is made of them
 */
final class FromFiles<S, C> {
    private static final Logger log = LoggerFactory.getLogger(FromFiles.class);

    private final String owner;
    private final Function<S, Stream<String>> files;
    private final BiFunction<S, List<String>, C> reader;
    private final Consumer<C> release;
    private volatile @Nullable Made<S, C> made;
    private volatile @Nullable String problem;

    // Only under the lock.
    private FileStamps stamps = FileStamps.NONE;

    /**
     * What holds for new connections.
     *
     * @param protocols for ALPN, the best first; empty = none
     */
    record Made<S, C>(S settings, List<String> protocols, C context) {}

    /**
     * Nothing, until {@link #change} says otherwise.
     *
     * @param owner as in {@code listener web}, for messages
     * @param files that settings name
     * @param reader makes it of settings and protocols; throws an {@link IllegalArgumentException} that names the setting, the file
     *     and the reason
     * @param release ends what was replaced, for those who have not taken it yet
     */
    FromFiles(
            String owner,
            Function<S, Stream<String>> files,
            BiFunction<S, List<String>, C> reader,
            Consumer<C> release) {
        this.owner = owner;
        this.files = files;
        this.reader = reader;
        this.release = release;
    }

    /** What there is; null if nothing. */
    @Nullable
    Made<S, C> made() {
        return made;
    }

    /** What is wrong with files that have changed since they were read; null if nothing. */
    @Nullable
    String problem() {
        return problem;
    }

    /**
     * Takes over other settings, and reads their files.
     *
     * @param settings null = nothing any more
     * @throws IllegalArgumentException of the reader; nothing has changed
     */
    synchronized void change(@Nullable S settings, List<String> protocols) {
        var before = made;
        if (settings == null) {
            stamps = FileStamps.NONE;
            problem = null;
            replace(null);
        } else if (before == null
                || !before.settings().equals(settings)
                || !before.protocols().equals(protocols)) {
            // Stamps are taken first: a file that is written in between is then read again.
            var taken = FileStamps.of(files.apply(settings));
            replace(read(settings, protocols));
            stamps = taken;
            problem = null;
        }
    }

    /**
     * Looks whether files have changed, and reads them again; what cannot be used changes nothing.
     *
     * @param upkeep of what there is, which nobody releases meanwhile
     */
    synchronized void reread(Consumer<C> upkeep) {
        var held = made;
        if (held != null) {
            upkeep.accept(held.context());
        }
        var now = held == null ? FileStamps.NONE : FileStamps.of(files.apply(held.settings()));
        if (held == null || now.equals(stamps)) {
            return;
        }
        stamps = now;
        try {
            replace(read(held.settings(), held.protocols()));
            problem = null;
            log.info("{}: certificates were read again", owner);
        } catch (IllegalArgumentException e) {
            problem = owner + ": " + e.getMessage();
            log.error("{}; the certificates stay as they were", problem);
        }
    }

    private Made<S, C> read(S settings, List<String> protocols) {
        return new Made<>(settings, protocols, reader.apply(settings, protocols));
    }

    private void replace(@Nullable Made<S, C> next) {
        var before = made;
        made = next;
        if (before != null) {
            release.accept(before.context());
        }
    }
}
