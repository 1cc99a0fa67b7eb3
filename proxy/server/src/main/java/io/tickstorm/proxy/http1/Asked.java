package io.tickstorm.proxy.http1;

import io.netty.buffer.ByteBuf;
import io.netty.util.ByteProcessor;
import java.nio.charset.StandardCharsets;

/**
 * What a request asked for, in words for a log. Immutable.
 *
 * @param host the authority it named, as it was written
 * @param target in origin form: path and query
 * @param requestId under which the server behind us knows it
 * @param http10 whether it was asked in HTTP/1.0
 */
public record Asked(String method, String host, String target, String requestId, boolean http10) {
    /** Of a request of which nothing could be read: empty texts. */
    public static final Asked NOTHING = new Asked("", "", "", "", false);

    private static final byte[] HOST = Words.ascii("host:");
    private static final byte[] VIA = Words.ascii("via:");
    private static final byte[] VIA_OF_HTTP_1_0 = Words.ascii("via: 1.0 tickstorm");
    private static final byte[] REQUEST_ID = Words.ascii("x-request-id:");

    /**
     * Reads back what {@link RequestHead#forward} has written: most requests are never logged, so nothing is kept for it.
     *
     * @param forwarded is left as it is
     */
    public static Asked of(ByteBuf forwarded) {
        int end = forwarded.writerIndex();
        int method = forwarded.readerIndex();
        int target = 1 + find(forwarded, method, end, Grammar.SP);
        int version = 1 + find(forwarded, target, end, Grammar.SP);
        var host = "";
        var id = "";
        boolean http10 = false;
        int at = 1 + find(forwarded, version, end, Grammar.LF);
        while (at < end) {
            int lf = find(forwarded, at, end, Grammar.LF);
            if (begins(forwarded, at, lf, HOST)) {
                host = text(forwarded, at + HOST.length, lf);
            } else if (begins(forwarded, at, lf, REQUEST_ID)) {
                id = text(forwarded, at + REQUEST_ID.length, lf);
            } else if (begins(forwarded, at, lf, VIA)) { // ours is the last
                http10 = begins(forwarded, at, lf, VIA_OF_HTTP_1_0);
            }
            at = lf + 1;
        }
        return new Asked(text(forwarded, method, target), host, text(forwarded, target, version), id, http10);
    }

    private static int find(ByteBuf in, int from, int end, byte wanted) {
        int at = in.forEachByte(from, end - from, new ByteProcessor.IndexOfProcessor(wanted));
        return at < 0 ? end - 1 : at;
    }

    private static boolean begins(ByteBuf in, int from, int to, byte[] lowerCase) {
        if (to - from < lowerCase.length) {
            return false;
        }
        for (int i = 0; i < lowerCase.length; i++) {
            byte b = in.getByte(from + i);
            if ((b >= 'A' && b <= 'Z' ? b | 0x20 : b) != lowerCase[i]) {
                return false;
            }
        }
        return true;
    }

    private static String text(ByteBuf in, int from, int to) {
        return in.toString(from, to - from, StandardCharsets.ISO_8859_1).strip();
    }
}
