package io.tickstorm.proxy.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/** One end of a plain socket, for tests that care about bytes. Every read gives up after {@link #PATIENCE}. */
final class Wire implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    Wire(Socket socket) {
        this.socket = socket;
        try {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.setTcpNoDelay(true);
            in = socket.getInputStream();
            out = socket.getOutputStream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Wire to(int port) {
        try {
            return new Wire(new Socket("127.0.0.1", port));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Socket socket() {
        return socket;
    }

    Wire send(String latin1) {
        return send(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    Wire send(byte[] bytes) {
        try {
            out.write(bytes);
            out.flush();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next byte, or -1 at the end. */
    int read() throws IOException {
        return in.read();
    }

    byte[] read(int count) throws IOException {
        var bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException(bytes.length + " bytes (expected: " + count + ")");
        }
        return bytes;
    }

    /** Everything up to the end of the stream. */
    String rest() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /** Everything up to the end of the stream, or a reset, which {@code +RESET} shows. */
    String restOrReset() {
        var bytes = new ByteArrayOutputStream();
        try {
            for (int b = in.read(); b >= 0; b = in.read()) {
                bytes.write(b);
            }
            return bytes.toString(StandardCharsets.ISO_8859_1);
        } catch (java.net.SocketTimeoutException e) {
            throw new UncheckedIOException(e);
        } catch (IOException e) {
            return bytes.toString(StandardCharsets.ISO_8859_1) + "+RESET";
        }
    }

    String readUntil(String end) throws IOException {
        var text = new StringBuilder();
        while (text.indexOf(end) < 0) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException("'" + text + "' (expected: ... '" + end + "')");
            }
            text.append((char) b);
        }
        return text.toString();
    }

    /** One message with the body that its head announces; its text as it came. Null at the end of the stream. */
    Message message() throws IOException {
        return message(false);
    }

    /** @param bodiless whether there is no body whatever the head says, as after HEAD */
    Message message(boolean bodiless) throws IOException {
        int first = in.read();
        if (first < 0) {
            return null;
        }
        var head = (char) first + readUntil("\r\n\r\n");
        if (bodiless || head.startsWith("HTTP/1.1 1") || head.contains(" 204 ") || head.contains(" 304 ")) {
            return new Message(head, "");
        }
        var length = Message.field(head, "content-length");
        if (length != null) {
            return new Message(head, new String(read(Integer.parseInt(length)), StandardCharsets.ISO_8859_1));
        }
        if ("chunked".equals(Message.field(head, "transfer-encoding"))) {
            return new Message(head, chunked());
        }
        return new Message(head, head.startsWith("HTTP/") ? rest() : "");
    }

    private String chunked() throws IOException {
        var body = new StringBuilder();
        while (true) {
            var line = readUntil("\r\n");
            int size = Integer.parseInt(line.strip().split(";")[0], 16);
            body.append(new String(read(size), StandardCharsets.ISO_8859_1));
            if (size == 0) {
                if (!readUntil("\r\n").equals("\r\n")) {
                    throw new IOException("trailer fields (expected: none)");
                }
                return body.toString();
            }
            readUntil("\r\n");
        }
    }

    Wire endOutput() {
        try {
            socket.shutdownOutput();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes with a reset instead of a FIN. */
    void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A message as text: head with its blank line, body without framing. */
    record Message(String head, String body) {
        String startLine() {
            return head.substring(0, head.indexOf('\r'));
        }

        int status() {
            return Integer.parseInt(head.substring(9, 12));
        }

        /** The value of the first field of this name; null if there is none. */
        String field(String name) {
            return field(head, name);
        }

        static String field(String head, String name) {
            for (var line : head.split("\r\n")) {
                int colon = line.indexOf(':');
                if (colon > 0
                        && line.substring(0, colon).toLowerCase(Locale.ROOT).equals(name)) {
                    return line.substring(colon + 1).strip();
                }
            }
            return null;
        }
    }
}
