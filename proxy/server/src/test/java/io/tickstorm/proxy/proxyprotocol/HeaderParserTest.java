package io.tickstorm.proxy.proxyprotocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderParserTest {
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
    private static final String IPV4 = "c0000207" + "c6336401" + "1267" + "01bb";
    private static final String IPV6 =
            "20010db8000000000000000000000007" + "20010db8000000000000000000000001" + "1267" + "01bb";

    private static final int SEED = 20261121;

    static Stream<byte[]> headers() {
        return Stream.of(
                text("PROXY TCP4 192.0.2.7 198.51.100.1 4711 443\r\n"),
                text("PROXY TCP6 2001:db8::7 2001:db8::1 4711 443\r\n"),
                text("PROXY UNKNOWN\r\n"),
                text("PROXY UNKNOWN " + "f".repeat(TextHeader.LONGEST - 16) + "\r\n"),
                hex(SIGNATURE + "2111" + "000c" + IPV4),
                hex(SIGNATURE + "2121" + "0024" + IPV6),
                hex(SIGNATURE + "2131" + "00d8" + "00".repeat(216)),
                hex(SIGNATURE + "2000" + "0000"),
                // LOCAL: whatever else there is means nothing
                hex(SIGNATURE + "20ff" + "0005" + "0102030405"),
                hex(SIGNATURE + "2100" + "0003" + "ffffff"),
                // a TLV of no meaning here, and an empty one
                hex(SIGNATURE + "2111" + "0015" + IPV4 + "ea0003aabbcc" + "040000"),
                withChecksum(hex(SIGNATURE + "2111" + "0016" + IPV4 + "040000" + "030004" + "00000000")),
                hex(SIGNATURE + "2111" + "0ff0" + IPV4 + "04" + "0fe1" + "00".repeat(0xfe1)));
    }

    @ParameterizedTest
    @MethodSource("headers")
    void aHeaderIsFoundByItsLastByteAndNotBefore(byte[] header) {
        for (int length = 0; length < header.length; length++) {
            assertThat(parse(header, length)).as("%s bytes", length).isInstanceOf(Parse.Incomplete.class);
        }

        var whole = parse(header, header.length);

        assertThat(whole)
                .isInstanceOfSatisfying(
                        Parse.Whole.class, found -> assertThat(found.length()).isEqualTo(header.length));
        assertThat(parse(ByteBufUtil.getBytes(Unpooled.wrappedBuffer(header, new byte[] {7, '\n'}))))
                .as("with data behind it")
                .isEqualTo(whole);
    }

    @ParameterizedTest
    @CsvSource({
        "TCP4 192.0.2.7 198.51.100.1 4711 443, 192.0.2.7, 4711, 198.51.100.1, 443",
        "TCP4 0.0.0.0 255.255.255.255 0 65535, 0.0.0.0, 0, 255.255.255.255, 65535",
        "TCP6 2001:db8::7 ::1 1 2, 2001:db8::7, 1, ::1, 2",
        "TCP6 FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFF:FFFF 1:2:3:4:5:6:7:8 65535 65535, "
                + "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 65535, 1:2:3:4:5:6:7:8, 65535",
        "TCP6 ::ffff:192.0.2.7 ::1 1 2, 192.0.2.7, 1, ::1, 2"
    })
    void aLineOfTextNamesBothEnds(String line, String from, int fromPort, String to, int toPort) {
        assertThat(parse(text("PROXY " + line + "\r\n")))
                .isInstanceOfSatisfying(
                        Parse.Whole.class,
                        header -> assertThat(header.addresses())
                                .isEqualTo(new ProxyHeader(address(from, fromPort), address(to, toPort))));
    }

    @Test
    void aBinaryBlockNamesBothEnds() {
        assertThat(parse(hex(SIGNATURE + "2111" + "000c" + IPV4)))
                .isEqualTo(
                        new Parse.Whole(28, new ProxyHeader(address("192.0.2.7", 4711), address("198.51.100.1", 443))));
        assertThat(parse(hex(SIGNATURE + "2121" + "0024" + IPV6)))
                .isEqualTo(new Parse.Whole(
                        52, new ProxyHeader(address("2001:db8::7", 4711), address("2001:db8::1", 443))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY TCP4 192.0.2.7 198.51.100.1 4711 443\n",
                "PROXY TCP4 192.0.2.7  198.51.100.1 4711 443\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 4711 443 \r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 4711\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 4711 65536\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 04711 443\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 +4711 443\r\n",
                "PROXY TCP4 192.0.2.07 198.51.100.1 4711 443\r\n",
                "PROXY TCP4 192.0.2.256 198.51.100.1 4711 443\r\n",
                "PROXY TCP4 192.2 198.51.100.1 4711 443\r\n",
                "PROXY TCP4 ::1 ::1 4711 443\r\n",
                "PROXY TCP6 192.0.2.7 198.51.100.1 4711 443\r\n",
                "PROXY TCP6 [::1] ::1 4711 443\r\n",
                "PROXY TCP6 fe80::1%1 ::1 4711 443\r\n",
                "PROXY TCP6 1:2:3:4:5:6:7:8:9 ::1 4711 443\r\n",
                "PROXY TCP6 1::2::3 ::1 4711 443\r\n",
                "PROXY tcp4 192.0.2.7 198.51.100.1 4711 443\r\n",
                "PROXY UDP4 192.0.2.7 198.51.100.1 4711 443\r\n",
                "PROXY UNKNOWNS\r\n",
                "PROXY \r\n"
            })
    void aLineThatIsNotOfTheGrammarIsRefused(String line) {
        assertThat(parse(text(line))).isEqualTo(Parse.Refused.MALFORMED);
    }

    @Test
    void aLineEndsWithinTheLongestOne() {
        assertThat(parse(text("PROXY UNKNOWN " + "f".repeat(TextHeader.LONGEST - 15) + "\r\n")))
                .isEqualTo(Parse.Refused.TOO_LONG);
    }

    static List<String> malformedBlocks() {
        return List.of(
                "1111" + "000c" + IPV4, // version 1
                "2211" + "000c" + IPV4, // a command that does not exist
                "2112" + "000c" + IPV4, // datagrams
                "2141" + "000c" + IPV4, // a family that does not exist
                "2111" + "000b" + IPV4.substring(2), // shorter than its addresses
                "2121" + "000c" + IPV4,
                "2131" + "000c" + IPV4,
                "2111" + "000d" + IPV4 + "04", // half a TLV
                "2111" + "000f" + IPV4 + "040001", // a TLV that is longer than the header
                "2111" + "0012" + IPV4 + "030003" + "000000"); // a checksum of three bytes
    }

    @ParameterizedTest
    @MethodSource("malformedBlocks")
    void aBlockThatIsNotOfTheGrammarIsRefused(String rest) {
        assertThat(parse(hex(SIGNATURE + rest))).isEqualTo(Parse.Refused.MALFORMED);
    }

    @Test
    void aBlockThatAnnouncesMoreThanIsSaneIsRefusedAtOnce() {
        assertThat(parse(hex(SIGNATURE + "2111" + "0ff1"))).isEqualTo(Parse.Refused.TOO_LONG);
        assertThat(parse(hex(SIGNATURE + "2000" + "ffff"))).isEqualTo(Parse.Refused.TOO_LONG);
    }

    @Test
    void aWrongBitInWhatTheChecksumCoversIsSeen() {
        var header = withChecksum(hex(SIGNATURE + "2111" + "0016" + IPV4 + "040000" + "030004" + "00000000"));
        int addresses = SIGNATURE.length() / 2 + 4;
        for (int bit = addresses * 8; bit < (addresses + IPV4.length() / 2) * 8; bit++) {
            var wrong = header.clone();
            wrong[bit / 8] ^= (byte) (1 << bit % 8);

            assertThat(parse(wrong)).as("bit %s", bit).isEqualTo(Parse.Refused.CHECKSUM);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"GET / HTTP/1.1\r\n", "PROXX", "PROXY\r\n", "\r\n\r\n\0\r\nQUIX", "\u0016\u0003\u0001", "\0"})
    void whatIsNoHeaderIsKnownByTheFirstByteThatDiffers(String bytes) {
        assertThat(parse(text(bytes))).isEqualTo(Parse.Refused.ABSENT);
    }

    @Test
    void noGarbageDoesAnythingButBeJudged() {
        var random = new Random(SEED);
        var valid = headers().toList();
        for (int round = 0; round < 200_000; round++) {
            var bytes = valid.get(random.nextInt(valid.size())).clone();
            for (int change = random.nextInt(4); change >= 0; change--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            int length = random.nextInt(bytes.length + 1);
            var in = Unpooled.wrappedBuffer(bytes, 0, length);

            var parsed = HeaderParser.parse(in);

            assertThat(in.readerIndex()).isZero();
            if (parsed instanceof Parse.Whole header) {
                assertThat(header.length()).isBetween(1, length);
            }
        }
    }

    private static Parse parse(byte[] bytes) {
        return parse(bytes, bytes.length);
    }

    /** In a buffer that has something before and behind it. */
    private static Parse parse(byte[] bytes, int length) {
        ByteBuf in =
                Unpooled.buffer().writeByte('P').writeBytes(bytes, 0, length).skipBytes(1);
        return HeaderParser.parse(in);
    }

    private static byte[] withChecksum(byte[] header) {
        var crc = new CRC32C();
        crc.update(header);
        var out = Unpooled.wrappedBuffer(header);
        out.setInt(header.length - 4, (int) crc.getValue());
        return header;
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] hex(String digits) {
        return ByteBufUtil.decodeHexDump(digits);
    }

    private static InetSocketAddress address(String host, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(host), port);
    }
}
