package io.tickstorm.proxy.property;

import java.util.function.Consumer;
import java.util.function.Function;

/** Something that must hold for every case, tried on cases that chance makes up; the same ones in every run. */
public final class Property {
    private static final long SEED = 20_261_121;
    private static final int LARGEST = 40;
    // To find a smaller case than the one that failed, where there is one.
    private static final int TRIES_OF_A_SIZE = 200;

    private Property() {}

    /**
     * Fails with the smallest failing case that it finds, and the seed and size that make it.
     *
     * @param cases how many are tried, of growing size
     * @param make makes a case of nothing but its chance; its {@code toString} goes into the message
     * @param holds throws if the property does not hold
     */
    public static <T> void holds(int cases, Function<Chance, T> make, Consumer<T> holds) {
        for (int i = 0; i < cases; i++) {
            long seed = SEED + i;
            int size = 1 + i * LARGEST / cases;
            var failure = failure(seed, size, make, holds);
            if (failure != null) {
                throw smallest(failure, size, make, holds);
            }
        }
    }

    private static <T> AssertionError smallest(
            AssertionError found, int size, Function<Chance, T> make, Consumer<T> holds) {
        for (int smaller = 1; smaller < size; smaller++) {
            for (int i = 0; i < TRIES_OF_A_SIZE; i++) {
                var failure = failure(SEED + i, smaller, make, holds);
                if (failure != null) {
                    return failure;
                }
            }
        }
        return found;
    }

    private static <T> AssertionError failure(long seed, int size, Function<Chance, T> make, Consumer<T> holds) {
        var made = make.apply(new Chance(seed, size));
        try {
            holds.accept(made);
            return null;
        } catch (AssertionError | RuntimeException e) {
            return new AssertionError("seed %d, size %d: %s%n%s".formatted(seed, size, made, e.getMessage()), e);
        }
    }
}
