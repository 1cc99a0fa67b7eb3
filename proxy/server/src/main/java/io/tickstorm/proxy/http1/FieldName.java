package io.tickstorm.proxy.http1;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** The fields that a proxy must know. */
enum FieldName {
    AUTHORIZATION(true),
    CONNECTION(false),
    CONTENT_LENGTH(true),
    CONTENT_TYPE(true),
    COOKIE(true),
    DATE(true),
    EXPECT(true),
    FORWARDED(true),
    HOST(true),
    HTTP2_SETTINGS(false),
    KEEP_ALIVE(false),
    PROXY_AUTHENTICATE(false),
    PROXY_AUTHORIZATION(false),
    PROXY_CONNECTION(false),
    SET_COOKIE(true),
    TE(false),
    TRACEPARENT(false),
    TRACESTATE(false),
    TRAILER(false),
    TRANSFER_ENCODING(true),
    UPGRADE(false),
    VIA(true),
    X_REAL_IP(true),
    X_REQUEST_ID(true),

    /** Any name that begins with {@code X-Forwarded-}. */
    X_FORWARDED(true),

    /** One of the above with {@code _} where it has {@code -}. Never forwarded: servers that join the two read it as the real one. */
    DISGUISED(false),

    /** None of them. */
    OTHER(false);

    private static final byte[] FORWARDED_PREFIX = "x-forwarded-".getBytes(StandardCharsets.US_ASCII);
    private static final FieldName[][] BY_LENGTH = byLength();

    private final byte[] bytes =
            name().toLowerCase(Locale.ROOT).replace('_', '-').getBytes(StandardCharsets.US_ASCII);
    private final boolean shielded;

    FieldName(boolean shielded) {
        this.shielded = shielded;
    }

    /** Whether a sender may not have it removed by naming it in {@code Connection} (RFC 9110 section 7.6.1). */
    boolean shielded() {
        return shielded;
    }

    static FieldName of(byte[] bytes, int from, int to) {
        int length = to - from;
        if (length < BY_LENGTH.length) {
            for (var candidate : BY_LENGTH[length]) {
                if (folds(bytes, from, candidate.bytes)) {
                    return undisguised(bytes, from, to, candidate);
                }
            }
        }
        if (length > FORWARDED_PREFIX.length && folds(bytes, from, FORWARDED_PREFIX)) {
            return undisguised(bytes, from, to, X_FORWARDED);
        }
        return OTHER;
    }

    private static FieldName undisguised(byte[] bytes, int from, int to, FieldName name) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '_') {
                return DISGUISED;
            }
        }
        return name;
    }

    private static boolean folds(byte[] bytes, int from, byte[] word) {
        for (int i = 0; i < word.length; i++) {
            if (Grammar.fold(bytes[from + i]) != word[i]) {
                return false;
            }
        }
        return true;
    }

    private static FieldName[][] byLength() {
        var real = Arrays.stream(values())
                .filter(name -> name != X_FORWARDED && name != DISGUISED && name != OTHER)
                .toList();
        int longest = real.stream().mapToInt(name -> name.bytes.length).max().orElse(0);
        var table = new FieldName[longest + 1][];
        for (int length = 0; length <= longest; length++) {
            int wanted = length;
            table[length] =
                    real.stream().filter(name -> name.bytes.length == wanted).toArray(FieldName[]::new);
        }
        return table;
    }
}
