package io.tickstorm.proxy.breaker;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/**
 * How long answers usually take, as far as it matters to silence: 999 of 1,000 came faster than {@link #usual}. An answer
 * within half of the silence is only counted; slower ones are told apart in steps of a factor of two.
 *
 * <p>{@link #observe} is for any thread, all else for one at a time.
 */
public final class AnswerTimes {
    /** Answers that must be known before anything is usual. */
    static final int EXPERIENCE = 100;
    // One slow answer in a thousand must not keep a silent upstream in rotation; and if a request is moved once in a
    // thousand though it would have been answered in the end, that costs less than waiting with all others.
    private static final int RARE = 1_000;
    // From half of the silence up to 2^30 times that: 17 years, if the silence is one second.
    private static final int STEPS = 31;

    private final long halfSilence;
    private final AtomicLongArray recent = new AtomicLongArray(STEPS);
    private final long[] before = new long[STEPS];
    private final LongAdder answers = new LongAdder();
    private long answersBefore;

    /** @param silenceNanos above 0 */
    public AnswerTimes(long silenceNanos) {
        halfSilence = Math.max(1, silenceNanos / 2);
    }

    /** An answer came after this time. */
    public void observe(long nanos) {
        answers.increment();
        if (nanos >= halfSilence) {
            recent.incrementAndGet(Math.min(STEPS - 1, 63 - Long.numberOfLeadingZeros(nanos / halfSilence)));
        }
    }

    /** Forgets what is older than the turn before. */
    public void turn() {
        for (int i = 0; i < STEPS; i++) {
            before[i] = recent.getAndSet(i, 0);
        }
        answersBefore = answers.sumThenReset();
    }

    /**
     * Longer than all but one in a thousand take, in nanoseconds: at least the silence; {@link Long#MAX_VALUE} as long as too
     * few are known.
     */
    public long usual() {
        long known = answers.sum() + answersBefore;
        if (known < EXPERIENCE) {
            return Long.MAX_VALUE;
        }
        long rare = known / RARE;
        long slower = 0;
        for (int i = STEPS - 1; i >= 0; i--) {
            slower += recent.get(i) + before[i];
            if (slower > rare) {
                return halfSilence << Math.min(i + 1, 62 - (63 - Long.numberOfLeadingZeros(halfSilence)));
            }
        }
        return 2 * halfSilence;
    }
}
