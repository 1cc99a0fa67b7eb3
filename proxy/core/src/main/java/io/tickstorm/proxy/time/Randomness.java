package io.tickstorm.proxy.time;

import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/** Where chance comes from. */
public final class Randomness {
    private Randomness() {}

    /** A generator that any thread may use, without contention; its sequence cannot be repeated. */
    public static RandomGenerator perThread() {
        // ThreadLocalRandom.current() itself must not be shared: it belongs to the thread that asked for it.
        return () -> ThreadLocalRandom.current().nextLong();
    }

    /** A generator whose sequence begins anew with each one of this seed; for one thread. */
    public static RandomGenerator seeded(long seed) {
        return new SplittableRandom(seed);
    }
}
