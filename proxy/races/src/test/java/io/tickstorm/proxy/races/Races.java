package io.tickstorm.proxy.races;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;

/**
 * Lets two threads race through the operations of a test class, by Lincheck: it makes up short programs of these
 * operations and goes through the ways in which two threads can take turns in them, at every access to memory that both
 * see. Each outcome must be that of the same operations one after the other.
 *
 * <p>{@code -Draces=long} looks at many more programs. Both look at the same ones each time.
 */
public final class Races {
    private static final boolean LONG = "long".equals(System.getProperty("races"));

    // Two operations in each of two threads are what every race told in the comments of the core needs. Two threads
    // have
    // some fifty ways through these with few turns; a way takes milliseconds, instrumented.
    private static final int PROGRAMS = LONG ? 100 : 3;
    private static final int WAYS = LONG ? 2_000 : 60;
    private static final int OPERATIONS = LONG ? 3 : 2;

    private Races() {}

    /** Fails with the program and the turns that gave an outcome that no order explains. */
    public static void check(Class<?> operations) {
        new ModelCheckingOptions()
                .iterations(PROGRAMS)
                .invocationsPerIteration(WAYS)
                .threads(2)
                .actorsPerThread(OPERATIONS)
                .actorsBefore(1)
                .actorsAfter(1)
                .check(operations);
    }
}
