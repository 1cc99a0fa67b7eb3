package io.tickstorm.proxy.health;

import io.tickstorm.proxy.settings.ByteText;
import io.tickstorm.proxy.settings.Section;
import io.tickstorm.proxy.settings.Syntax;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is asked in a check, and which answer passes. */
public sealed interface Probe {
    /**
     * Sends GET and looks at the status of the answer.
     *
     * @param path the target of the request
     * @param expectedStatus the answers that pass
     * @param http2 whether it is sent over HTTP/2; not among the keys, for it follows from those of the backend
     */
    record Http(String path, StatusRange expectedStatus, boolean http2) implements Probe {
        public static final Http DEFAULT = new Http("/ready", new StatusRange(200, 399));

        /** Over HTTP/1.1. */
        public Http(String path, StatusRange expectedStatus) {
            this(path, expectedStatus, false);
        }

        // Origin form, RFC 9112 section 3.2.1: visible characters; a fragment is never sent.
        private static final Syntax<String> PATH =
                Syntax.matching("/[\\x21-\\x7e&&[^#]]{0,2047}", "a path that begins with /, without blanks and #");
        private static final Syntax<StatusRange> STATUS = new Syntax<StatusRange>(
                        "a status such as 200, or a range such as 200-399", StatusRange::parse)
                .orNumber();

        private static Http of(Section section) {
            return new Http(
                    section.text("path", PATH, DEFAULT.path()),
                    section.text("expectedStatus", STATUS, DEFAULT.expectedStatus()));
        }
    }

    /**
     * Opens a connection; with something to expect, it also looks for that in what comes.
     *
     * @param send what is said first; empty = nothing
     * @param expect what must be among the first {@value #MOST_EXPECTED_WITHIN} bytes that come, in one piece; empty =
     *     the connection is enough
     */
    record Tcp(ByteText send, ByteText expect) implements Probe {
        public static final Tcp CONNECTION = new Tcp(ByteText.EMPTY, ByteText.EMPTY);

        /** Bytes that are looked at. */
        public static final int MOST_EXPECTED_WITHIN = 4096;

        private static final int LONGEST_SEND = 1024;
        private static final int LONGEST_EXPECT = 256;

        private static Tcp of(Section section) {
            var tcp = new Tcp(
                    section.text("send", ByteText.upTo(LONGEST_SEND), ByteText.EMPTY),
                    section.text("expect", ByteText.upTo(LONGEST_EXPECT), ByteText.EMPTY));
            if (tcp.expect().isEmpty() && !tcp.send().isEmpty()) {
                section.problem("send", "\"" + tcp.send() + "\" without an answer to look for (expected: expect, too)");
            }
            return tcp;
        }
    }

    /**
     * Calls {@code grpc.health.v1.Health/Check} over HTTP/2 without TLS; SERVING passes.
     *
     * @param service the name that is asked for; empty = the server as a whole
     */
    record Grpc(String service) implements Probe {
        private static final Syntax<String> SERVICE =
                Syntax.matching("[\\x21-\\x7e]{0,255}", "the name of a gRPC service, such as tickstorm.v1.Ticks");

        private static Grpc of(Section section) {
            return new Grpc(section.text("service", SERVICE, ""));
        }
    }

    /** The kinds of probes, as a configuration names them. */
    enum Type {
        HTTP,
        TCP,
        GRPC
    }

    /** Both ends included, 100..599. */
    record StatusRange(int first, int last) {
        public boolean contains(int status) {
            return status >= first && status <= last;
        }

        static @Nullable StatusRange parse(String text) {
            if (!text.matches("[1-5][0-9]{2}(-[1-5][0-9]{2})?")) {
                return null;
            }
            int first = Integer.parseInt(text.substring(0, 3));
            int last = Integer.parseInt(text.substring(text.length() - 3));
            return first <= last ? new StatusRange(first, last) : null;
        }

        @Override
        public String toString() {
            return first == last ? Integer.toString(first) : first + "-" + last;
        }
    }

    /** A key that only one type has. */
    record Key(Type type, String name, String noun) {
        private static final List<Key> ALL = List.of(
                new Key(Type.HTTP, "path", "path"),
                new Key(Type.HTTP, "expectedStatus", "status"),
                new Key(Type.TCP, "send", "text to send"),
                new Key(Type.TCP, "expect", "text to expect"),
                new Key(Type.GRPC, "service", "service"));

        private String refusal(Type asked) {
            return "a " + asked + " check has no " + noun + " (expected: nothing, or type: " + type + ")";
        }
    }

    default Type type() {
        return switch (this) {
            case Http http -> Type.HTTP;
            case Tcp tcp -> Type.TCP;
            case Grpc grpc -> Type.GRPC;
        };
    }

    static Probe read(Section section) {
        var type = section.enumeration("type", Type.HTTP);
        for (var key : Key.ALL) {
            if (key.type() != type) {
                section.refuse(key.name(), key.refusal(type));
            }
        }
        return switch (type) {
            case HTTP -> Http.of(section);
            case TCP -> Tcp.of(section);
            case GRPC -> Grpc.of(section);
        };
    }

    /** Adds the keys and values that {@link #read} takes, without the type. */
    default void write(Map<String, Object> map) {
        switch (this) {
            case Http http -> {
                map.put("path", http.path());
                map.put("expectedStatus", http.expectedStatus().toString());
            }
            case Tcp tcp -> {
                if (!tcp.send().isEmpty()) {
                    map.put("send", tcp.send().toString());
                }
                if (!tcp.expect().isEmpty()) {
                    map.put("expect", tcp.expect().toString());
                }
            }
            case Grpc grpc -> {
                if (!grpc.service().isEmpty()) {
                    map.put("service", grpc.service());
                }
            }
        }
    }
}
