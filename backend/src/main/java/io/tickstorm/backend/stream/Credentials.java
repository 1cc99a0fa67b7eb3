package io.tickstorm.backend.stream;

import io.tickstorm.backend.protocol.AuthRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** Who may subscribe. */
public sealed interface Credentials {
    boolean accept(AuthRequest request);

    /** Anybody who names a user and a password. */
    record Any() implements Credentials {
        @Override
        public boolean accept(AuthRequest request) {
            return !request.getUsername().isEmpty() && !request.getPassword().isEmpty();
        }
    }

    /** One user. */
    record One(String user, String password) implements Credentials {
        @Override
        public boolean accept(AuthRequest request) {
            // Both are always compared, in a time that does not tell how much of them was right.
            return same(user, request.getUsername()) & same(password, request.getPassword());
        }

        private static boolean same(String expected, String given) {
            return MessageDigest.isEqual(
                    expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String toString() {
            return "One[user=" + user + "]";
        }
    }
}
