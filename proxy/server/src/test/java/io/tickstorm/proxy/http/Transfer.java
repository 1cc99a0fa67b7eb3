package io.tickstorm.proxy.http;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;

/**
 * A stream of HTTP/2 on which a body goes up while another comes down: what is sent fits the windows (RFC 9113 section 5.2), and the
 * windows of what comes are given back. It has one thread, which reads as soon as it has no room to send.
 */
final class Transfer {
    private static final int FRAME = 16_384;
    private static final int FIRST_WINDOW = 65_535;
    private static final int INITIAL_WINDOW_SIZE = 4;

    private final Frames client;
    private final int stream;
    private final Random random;
    private final MessageDigest sent = sha256();
    private final MessageDigest came = sha256();
    private long unsent;
    private long received;
    private long connectionRoom = FIRST_WINDOW;
    private long streamRoom = FIRST_WINDOW;
    private boolean ended;

    /**
     * @param client of which nothing was read yet
     * @param stream whose head was sent
     * @param size bytes of the body
     */
    Transfer(Frames client, int stream, long size, long seed) {
        this.client = client;
        this.stream = stream;
        this.unsent = size;
        this.random = new Random(seed);
    }

    /** Until both bodies have ended. */
    Transfer run() throws IOException {
        while (unsent > 0 || !ended) {
            int size = (int) Math.min(Math.min(unsent, FRAME), Math.min(connectionRoom, streamRoom));
            if (size > 0) {
                send(size);
            } else {
                receive();
            }
        }
        return this;
    }

    private void send(int size) {
        var part = new byte[size];
        random.nextBytes(part);
        sent.update(part);
        unsent -= size;
        connectionRoom -= size;
        streamRoom -= size;
        client.send(Frames.DATA, unsent == 0 ? Frames.END_STREAM : 0, stream, part);
    }

    private void receive() throws IOException {
        var frame = client.next();
        if (frame == null) {
            throw new EOFException(received + " bytes came, " + unsent + " are unsent");
        }
        switch (frame.type()) {
            case Frames.DATA -> {
                received += frame.payload().length;
                came.update(frame.payload());
                giveBack(frame);
            }
            case Frames.WINDOW_UPDATE -> {
                if (frame.stream() == 0) {
                    connectionRoom += frame.number(0);
                } else {
                    streamRoom += frame.number(0);
                }
            }
            case Frames.SETTINGS -> settings(frame);
            case Frames.RST_STREAM, Frames.GOAWAY ->
                throw new IOException("ended after " + received + " bytes: " + Arrays.toString(frame.payload()));
            default -> {}
        }
        ended |= frame.stream() == stream
                && (frame.type() == Frames.DATA || frame.type() == Frames.HEADERS)
                && frame.has(Frames.END_STREAM);
    }

    private void giveBack(Frames.Frame data) {
        if (data.payload().length > 0) {
            client.send(Frames.WINDOW_UPDATE, 0, 0, data.payload().length);
            if (!data.has(Frames.END_STREAM)) {
                client.send(Frames.WINDOW_UPDATE, 0, stream, data.payload().length);
            }
        }
    }

    private void settings(Frames.Frame frame) {
        if (frame.has(Frames.ACK)) {
            return;
        }
        var values = ByteBuffer.wrap(frame.payload());
        while (values.hasRemaining()) {
            int id = values.getShort();
            int value = values.getInt();
            if (id == INITIAL_WINDOW_SIZE) {
                streamRoom += value - FIRST_WINDOW;
            }
        }
        client.send(Frames.SETTINGS, Frames.ACK, 0, new byte[0]);
    }

    /** Bytes of the body that came. */
    long received() {
        return received;
    }

    String hashOfSent() {
        return HexFormat.of().formatHex(sent.digest());
    }

    String hashOfReceived() {
        return HexFormat.of().formatHex(came.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
