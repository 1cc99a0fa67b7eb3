package io.tickstorm.proxy.property;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** What a case is made of: random draws, of a size that is small in the first cases and in counterexamples. */
public final class Chance {
    private final RandomGenerator random;
    private final int size;

    Chance(long seed, int size) {
        this.random = new Random(seed);
        this.size = size;
    }

    /** How large a thing may be, 1 or more: the length of a list, the number of steps. */
    public int size() {
        return size;
    }

    /** For what draws by itself. */
    public RandomGenerator random() {
        return random;
    }

    /** Both ends included; the ends themselves come more often than others, since that is where mistakes are. */
    public long between(long least, long most) {
        return switch (random.nextInt(8)) {
            case 0 -> least;
            case 1 -> most;
            default -> most == Long.MAX_VALUE ? random.nextLong(least, most) : random.nextLong(least, most + 1);
        };
    }

    public int between(int least, int most) {
        return (int) between((long) least, (long) most);
    }

    /** In whole milliseconds; both ends included. */
    public Duration between(Duration least, Duration most) {
        return Duration.ofMillis(between(least.toMillis(), most.toMillis()));
    }

    public boolean yes() {
        return random.nextBoolean();
    }

    /** True once in so many times. */
    public boolean onceIn(int times) {
        return random.nextInt(times) == 0;
    }

    public <T> T oneOf(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    /** A history: one to so many times the size. */
    public <T> List<T> steps(int timesSize, Supplier<T> make) {
        return Stream.generate(make).limit(between(1, timesSize * size)).toList();
    }

    /** As many as the size allows, {@code most} at most. */
    public <T> List<T> list(int least, int most, IntFunction<T> make) {
        int length = between(least, Math.max(least, Math.min(size, most)));
        var list = new ArrayList<T>(length);
        for (int i = 0; i < length; i++) {
            list.add(make.apply(i));
        }
        return list;
    }
}
