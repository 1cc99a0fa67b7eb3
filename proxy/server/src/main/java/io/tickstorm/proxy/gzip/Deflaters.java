package io.tickstorm.proxy.gzip;

import java.util.ArrayDeque;
import java.util.zip.Deflater;

/** Deflaters that are used again: each has 256 KiB of native memory, which is dear to get. For one event loop. */
public final class Deflaters {
    /** Kept while nobody uses them, 4 MiB at most. */
    private static final int KEPT = 16;

    private final ArrayDeque<Deflater> idle = new ArrayDeque<>();
    private int level;

    /** @param wanted 1..9 */
    Deflater take(int wanted) {
        if (wanted
                != level) { // a Deflater whose level is set anew miscounts and writes blocks that cannot be read (JDK
            // 25)
            idle.forEach(Deflater::end);
            idle.clear();
            level = wanted;
        }
        var used = idle.poll();
        return used == null ? new Deflater(level, true) : used;
    }

    /** @param made the level that it was taken for */
    void give(Deflater used, int made) {
        if (made == level && idle.size() < KEPT) {
            used.reset();
            idle.push(used);
        } else {
            used.end();
        }
    }
}
