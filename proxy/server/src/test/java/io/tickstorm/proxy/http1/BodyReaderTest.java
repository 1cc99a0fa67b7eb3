package io.tickstorm.proxy.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.http1.BodyReader.Chunks;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyReaderTest {
    private static final String CHUNKED = "5\r\nhello\r\n00A;n=\"v\"\r\n0123456789\r\n0\r\nA: b\r\nC:\r\n\r\n";

    private final BodyReader reader = new BodyReader();

    /** What passes of text that arrives in pieces of these lengths, the last one over and over. */
    private String pass(String text, int... lengths) {
        var passed = new StringBuilder();
        int at = 0;
        var held = "";
        for (int piece = 0; at < text.length(); piece++) {
            int length = Math.min(lengths[Math.min(piece, lengths.length - 1)], text.length() - at);
            var in = Buffered.of(held + text.substring(at, at + length));
            at += length;
            for (int count = reader.next(in); count != 0; count = reader.next(in)) {
                if (count == BodyReader.MALFORMED) {
                    in.release();
                    return passed + "+MALFORMED";
                }
                if (count > 0) {
                    passed.append(in.toString(in.readerIndex(), count, StandardCharsets.ISO_8859_1));
                }
                in.skipBytes(Math.abs(count));
            }
            held = in.toString(StandardCharsets.ISO_8859_1);
            in.release();
            if (!held.isEmpty() && reader.ended()) {
                return passed + "+REST";
            }
        }
        return passed.toString();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1000})
    void chunksPassWithoutTrailersHoweverTheyArrive(int piece) {
        reader.startChunked(Chunks.WITHOUT_TRAILERS);

        assertThat(pass(CHUNKED, piece)).isEqualTo("5\r\nhello\r\n00A;n=\"v\"\r\n0123456789\r\n0\r\n\r\n");
        assertThat(reader.ended()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1000})
    void chunksAreUnwrappedHoweverTheyArrive(int piece) {
        reader.startChunked(Chunks.UNWRAPPED);

        assertThat(pass(CHUNKED, piece)).isEqualTo("hello0123456789");
        assertThat(reader.ended()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1000})
    void trailersPassHoweverTheyArrive(int piece) {
        reader.startChunked(Chunks.WITH_TRAILERS);

        assertThat(pass("1\r\na\r\n0\r\nA: b\r\nHost: x\r\nC:\r\nContent_Length: 5\r\n\r\n", piece))
                .isEqualTo("1\r\na\r\n0\r\nA: b\r\nC:\r\n\r\n");
        assertThat(reader.ended()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Transfer-Encoding",
                "content-length",
                "Content-Type",
                "Content-Anything",
                "Trailer",
                "TE",
                "Connection",
                "Keep-Alive",
                "Upgrade",
                "Proxy-Anything",
                "Host",
                "X-Forwarded-For",
                "x_forwarded_for",
                "Forwarded",
                "X-Real-IP",
                "X-Request-Id",
                "Authorization",
                "Cookie",
                "Set-Cookie",
                "If-Match",
                "Range",
                "Cache-Control",
                "Expect",
                "Location",
                "Date",
                "Via",
                "Content_Digest"
            })
    void whatMeansSomethingInAHeadIsNoTrailer(String name) {
        reader.startChunked(Chunks.WITH_TRAILERS);

        assertThat(pass("0\r\n" + name + ": x\r\n\r\n", 1000)).isEqualTo("0\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"grpc-status", "Content-Digest", "Server-Timing", "X-Checksum", "Hosts", "ifs"})
    void allElseIsOne(String name) {
        reader.startChunked(Chunks.WITH_TRAILERS);

        assertThat(pass("0\r\n" + name + ": x\r\n\r\n", 1000)).isEqualTo("0\r\n" + name + ": x\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a: "})
    void trailersWithoutEndAreMalformed(String start) {
        for (int piece : new int[] {1, 1000, 100_000}) {
            reader.startChunked(Chunks.WITH_TRAILERS);
            assertThat(pass("0\r\n" + start + "b".repeat(9000), piece)).endsWith("+MALFORMED");
        }
    }

    @Test
    void everySplitInTwoGivesTheSame() {
        for (int split = 1; split < CHUNKED.length(); split++) {
            reader.startChunked(Chunks.WITHOUT_TRAILERS);
            assertThat(pass(CHUNKED, split, 1000)).as("split at %d", split).endsWith("\r\n0\r\n\r\n");
            assertThat(reader.ended()).isTrue();
        }
    }

    @Test
    void whatFollowsTheBodyIsNotOfIt() {
        reader.startChunked(Chunks.WITHOUT_TRAILERS);
        assertThat(pass("0\r\n\r\nGET", 1000)).isEqualTo("0\r\n\r\n+REST");

        reader.startLength(2);
        assertThat(pass("abGET", 1000)).isEqualTo("ab+REST");

        reader.startEmpty();
        assertThat(pass("GET", 1000)).isEqualTo("+REST");
    }

    @Test
    void aBodyUntilCloseNeverEndsByItself() {
        reader.startUntilClose();

        assertThat(pass("anything", 3)).isEqualTo("anything");
        assertThat(reader.ended()).isFalse();
        assertThat(reader.untilClose()).isTrue();
    }

    @Test
    void aCutBodyHasNotEnded() {
        for (int cut = 0; cut < CHUNKED.length(); cut++) {
            reader.startChunked(Chunks.WITHOUT_TRAILERS);
            pass(CHUNKED.substring(0, cut), 1000);
            assertThat(reader.ended()).as("cut at %d", cut).isFalse();
        }
    }

    @Test
    void howBytesArriveDoesNotMatter() {
        long seed = 20261121;
        var random = new Random(seed);
        var alphabet = "0159afAF;=\" \t\r\n\r\n\r\n:xX\0\u00ff";
        for (int round = 0; round < 20_000; round++) {
            var text = new StringBuilder();
            for (int i = random.nextInt(40); i > 0; i--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            var chunks = Chunks.values()[random.nextInt(Chunks.values().length)];
            reader.startChunked(chunks);
            var whole = pass(text.toString(), 1000);
            reader.startChunked(chunks);
            var bitwise = pass(text.toString(), 1);

            // what is malformed is noticed at the same byte; how much of the bytes before it passed depends on the
            // pieces
            boolean malformed = whole.endsWith("+MALFORMED");
            assertThat(malformed ? bitwise.endsWith("+MALFORMED") : bitwise.equals(whole))
                    .as("seed %d, round %d: %s", seed, round, text)
                    .isTrue();
        }
    }
}
