package io.tickstorm.proxy.http2;

/**
 * What became of the latest streams that the client opened, as far as the client knows: Netty forgets a stream when it closes, but
 * what a frame on it means depends on who closed it (RFC 9113 section 5.1). For one event loop.
 */
final class StreamNumbers {
    /** More than may run at once by default, so that the usual late frame finds its stream; 1 KiB. */
    private static final int REMEMBERED = 256;

    enum State {
        /** Never used, or too long ago. */
        UNKNOWN,
        OPEN,
        /** The client has said that nothing more comes from it. */
        ENDED,
        /** We have reset it; frames of the client may still be under way. */
        RESET
    }

    private static final State[] STATES = State.values();

    // number / 2, shifted to make room for the state
    private final int[] slots = new int[REMEMBERED];
    private int last;

    /** Whether a stream of this number would be a new one. */
    boolean isNew(int number) {
        return number > last;
    }

    State state(int number) {
        int slot = slots[slot(number)];
        return slot >>> 2 == number >>> 1 ? STATES[slot & 3] : State.UNKNOWN;
    }

    /** A stream is opened. */
    void open(int number) {
        last = number;
        put(number, State.OPEN);
    }

    /** The client has ended its side, by END_STREAM or RST_STREAM. */
    void end(int number) {
        if (state(number) == State.OPEN) {
            put(number, State.ENDED);
        }
    }

    /** We reset it; false if we have before. */
    boolean reset(int number) {
        var state = state(number);
        if (state == State.OPEN) {
            put(number, State.RESET);
        }
        return state != State.RESET;
    }

    private void put(int number, State state) {
        slots[slot(number)] = number >>> 1 << 2 | state.ordinal();
    }

    private static int slot(int number) {
        return number >>> 1 & REMEMBERED - 1;
    }
}
