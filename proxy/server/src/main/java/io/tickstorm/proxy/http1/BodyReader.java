package io.tickstorm.proxy.http1;

import io.netty.buffer.ByteBuf;

/**
 * Finds out which of the bytes that arrive belong to a body and go on as they are. One per direction of a connection, used for
 * one message after the other; it holds no bytes, only what has been judged.
 *
 * <p>The use: {@code start…}, then for every buffer {@link #next} until the buffer is used up or the body {@link #ended}.
 * Chunked bodies (RFC 9112 section 7.1) pass as the receiver can take them: {@link Chunks}. Their grammar is taken strictly, since
 * two readers that differ on where a chunk ends differ on where the next request begins.
 */
public final class BodyReader {
    /** {@link #next}: the bytes break the grammar of a chunked body. */
    public static final int MALFORMED = Integer.MIN_VALUE;

    /** Hexadecimal digits of a chunk's size: 2^60 - 1 bytes, far from any overflow of a long. */
    private static final int MAX_SIZE_DIGITS = 15;

    /** Bytes of extensions in one body. Nobody uses them but to make a proxy read without end (CVE-2023-39326). */
    private static final int MAX_EXTENSIONS = 4096;

    /** Bytes of trailer fields in one body. */
    private static final int MAX_TRAILERS = 8192;

    /** What of a chunked body goes on. */
    public enum Chunks {
        /** The data alone, for a receiver that knows no chunks. */
        UNWRAPPED,
        /** The chunks, and none of the trailer fields behind the last one. */
        WITHOUT_TRAILERS,
        /** The chunks, and those trailer fields that may stand there ({@link Trailers}). */
        WITH_TRAILERS
    }

    private enum State {
        LENGTH,
        UNTIL_CLOSE,
        SIZE,
        EXTENSION,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        TRAILER_OR_END,
        END_CR,
        END_LF,
        TRAILER_START,
        TRAILER_NAME,
        TRAILER_VALUE,
        TRAILER_LF,
        ENDED
    }

    private State state = State.ENDED;
    private Chunks passing = Chunks.WITHOUT_TRAILERS;
    private boolean trailerPasses;
    private long left;
    private int sizeDigits;
    private int extensions;
    private int trailers;

    /** A message without a body. */
    public void startEmpty() {
        state = State.ENDED;
    }

    /** A body of so many bytes; 0 or more. */
    public void startLength(long bytes) {
        left = bytes;
        state = bytes == 0 ? State.ENDED : State.LENGTH;
    }

    /** A body that the end of the connection ends: {@link #ended()} stays false. */
    public void startUntilClose() {
        state = State.UNTIL_CLOSE;
    }

    /** A chunked body. */
    public void startChunked(Chunks passing) {
        this.passing = passing;
        extensions = 0;
        trailers = 0;
        startSize();
    }

    /** Whether the whole body has come; true as well when there is none. */
    public boolean ended() {
        return state == State.ENDED;
    }

    /** Whether the end of the connection is what ends this body. */
    public boolean untilClose() {
        return state == State.UNTIL_CLOSE;
    }

    /**
     * Judges the readable bytes of {@code in} up to where the judgement changes; reads none of them: that is the caller's next
     * step.
     *
     * @return n &gt; 0: the next n bytes go on as they are; n &lt; 0: the next -n bytes are dropped; 0: there are no bytes, or the
     *     body has {@link #ended} and what follows is not of it, or else a trailer field has come in part, and all of it is to
     *     be shown once more together with what follows; {@link #MALFORMED}
     */
    public int next(ByteBuf in) {
        int readable = in.readableBytes();
        if (readable == 0) {
            return 0;
        }
        return switch (state) {
            case ENDED -> 0;
            case UNTIL_CLOSE -> readable;
            case LENGTH -> {
                int taken = data(readable);
                if (left == 0) {
                    state = State.ENDED;
                }
                yield taken;
            }
            default -> chunks(in, in.readerIndex(), in.writerIndex());
        };
    }

    private int data(int readable) {
        int taken = (int) Math.min(left, readable);
        left -= taken;
        return taken;
    }

    private int chunks(ByteBuf in, int start, int end) {
        if (!lookAt(in, start, end)) {
            return 0;
        }
        boolean passing = passes();
        int at = start;
        do {
            if (state == State.DATA) {
                at += data(end - at);
                if (left == 0) {
                    state = State.DATA_CR;
                }
            } else if (!step(in.getByte(at++))) {
                return MALFORMED;
            }
            if (at == end || state == State.ENDED || !lookAt(in, at, end)) {
                break;
            }
        } while (passes() == passing);
        return passing ? at - start : start - at;
    }

    /**
     * Behind the last chunk, tells the body's end from a trailer field, and whether that goes on, for which its whole name is
     * needed.
     *
     * @return false if more bytes are
     */
    private boolean lookAt(ByteBuf in, int at, int end) {
        if (state != State.TRAILER_OR_END) {
            return true;
        }
        if (in.getByte(at) == Grammar.CR) {
            return become(State.END_CR);
        }
        trailerPasses = false;
        if (passing == Chunks.WITH_TRAILERS) {
            int nameEnd = in.indexOf(at, end, (byte) ':');
            // one that is longer than allowed is not waited for: its bytes are found to be too many
            if (nameEnd < 0 && in.indexOf(at, end, Grammar.LF) < 0 && trailers + end - at <= MAX_TRAILERS) {
                return false;
            }
            trailerPasses = nameEnd > at && Trailers.pass(in, at, nameEnd);
        }
        return become(State.TRAILER_START);
    }

    /** Whether bytes of this state go on. */
    private boolean passes() {
        return switch (state) {
            case TRAILER_START, TRAILER_NAME, TRAILER_VALUE, TRAILER_LF -> trailerPasses;
            case DATA, LENGTH, UNTIL_CLOSE -> true;
            case SIZE, EXTENSION, SIZE_LF, DATA_CR, DATA_LF, TRAILER_OR_END, END_CR, END_LF, ENDED ->
                passing != Chunks.UNWRAPPED;
        };
    }

    /** Takes one byte of framing; false if it may not stand there. */
    private boolean step(byte b) {
        return switch (state) {
            case SIZE -> size(b);
            case EXTENSION ->
                b == Grammar.CR ? become(State.SIZE_LF) : Grammar.value(b) && ++extensions <= MAX_EXTENSIONS;
            case SIZE_LF -> b == Grammar.LF && become(left == 0 ? State.TRAILER_OR_END : State.DATA);
            case DATA_CR -> b == Grammar.CR && become(State.DATA_LF);
            case DATA_LF -> {
                startSize();
                yield b == Grammar.LF;
            }
            case END_CR -> b == Grammar.CR && become(State.END_LF);
            case END_LF -> b == Grammar.LF && become(State.ENDED);
            case TRAILER_START -> ++trailers <= MAX_TRAILERS && Grammar.token(b) && become(State.TRAILER_NAME);
            case TRAILER_NAME ->
                ++trailers <= MAX_TRAILERS && (b == ':' ? become(State.TRAILER_VALUE) : Grammar.token(b));
            case TRAILER_VALUE ->
                ++trailers <= MAX_TRAILERS && (b == Grammar.CR ? become(State.TRAILER_LF) : Grammar.value(b));
            case TRAILER_LF -> b == Grammar.LF && become(State.TRAILER_OR_END);
            case LENGTH, UNTIL_CLOSE, DATA, TRAILER_OR_END, ENDED ->
                throw new IllegalStateException(state + " (expected: a state of chunk framing)");
        };
    }

    private boolean size(byte b) {
        int digit = Grammar.hex(b);
        if (digit >= 0) {
            left = left << 4 | digit;
            return ++sizeDigits <= MAX_SIZE_DIGITS;
        }
        if (sizeDigits == 0) {
            return false;
        }
        return b == Grammar.CR ? become(State.SIZE_LF) : b == ';' && become(State.EXTENSION);
    }

    private boolean become(State next) {
        state = next;
        return true;
    }

    private void startSize() {
        state = State.SIZE;
        left = 0;
        sizeDigits = 0;
    }
}
