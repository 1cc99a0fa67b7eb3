package io.tickstorm.proxy.sni;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HelloParserTest {
    private static final int SEED = 20261121;

    /** What the JDK's client says; null for no name. */
    private static byte[] hello(String name) {
        try {
            var engine = SSLContext.getDefault().createSSLEngine();
            engine.setUseClientMode(true);
            var parameters = engine.getSSLParameters();
            parameters.setServerNames(name == null ? List.of() : List.of(new SNIHostName(name)));
            engine.setSSLParameters(parameters);
            var out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
            engine.wrap(ByteBuffer.allocate(0), out);
            return Arrays.copyOf(out.array(), out.position());
        } catch (SSLException | NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** By hand: version, random, an empty session id, one suite, no compression, then this. */
    private static byte[] helloWith(String extensions) {
        var body = "0303" + "ab".repeat(32) + "00" + "0002" + "1301" + "0100" + extensions;
        int length = body.length() / 2;
        return ByteBufUtil.decodeHexDump("160301%04x01%06x".formatted(length + 4, length) + body);
    }

    private static String extensions(String... each) {
        var all = String.join("", each);
        return "%04x".formatted(all.length() / 2) + all;
    }

    private static String extension(int type, String content) {
        return "%04x%04x".formatted(type, content.length() / 2) + content;
    }

    private static String names(String... each) {
        var all = String.join("", each);
        return extension(0, "%04x".formatted(all.length() / 2) + all);
    }

    private static String name(String name) {
        return "00%04x".formatted(name.length()) + ByteBufUtil.hexDump(name.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The same handshake in records of so many bytes. */
    private static byte[] fragmented(byte[] record, int size) {
        var out = Unpooled.buffer();
        var in = Unpooled.wrappedBuffer(record, 5, record.length - 5);
        while (in.isReadable()) {
            int part = Math.min(size, in.readableBytes());
            out.writeByte(22).writeShort(0x0301).writeShort(part).writeBytes(in, part);
        }
        return ByteBufUtil.getBytes(out);
    }

    static Stream<byte[]> hellos() {
        var named = hello("shop.example");
        return Stream.of(
                named,
                fragmented(named, 1),
                fragmented(named, 5),
                fragmented(named, 100),
                hello(null),
                helloWith(""),
                helloWith(extensions()));
    }

    @ParameterizedTest
    @MethodSource("hellos")
    void aHelloIsFoundByItsLastByteAndNotBefore(byte[] bytes) {
        for (int length = 0; length < bytes.length; length++) {
            assertThat(parse(bytes, length)).as("%s bytes", length).isInstanceOf(Hello.Incomplete.class);
        }
        assertThat(parse(bytes, bytes.length)).isInstanceOf(Hello.Whole.class);
    }

    @Test
    void theNameIsTheOneAskedFor() {
        assertThat(parse(hello("Shop.Example"))).isEqualTo(new Hello.Whole("shop.example"));
        assertThat(parse(fragmented(hello("shop.example"), 7))).isEqualTo(new Hello.Whole("shop.example"));
        assertThat(parse(hello(null))).isEqualTo(new Hello.Whole(null));
        assertThat(parse(helloWith(""))).isEqualTo(new Hello.Whole(null));
    }

    @Test
    void extensionsOfNoMeaningArePassedOver() {
        var grease = extension(0x0a0a, "") + extension(0xfafa, "00");

        assertThat(parse(helloWith(extensions(grease, names(name("a.example")), extension(0xdada, "0102")))))
                .isEqualTo(new Hello.Whole("a.example"));
    }

    @Test
    void whatFollowsTheHelloDoesNotMatter() {
        var more = Unpooled.wrappedBuffer(hello("a.example"), new byte[] {23, 3, 3, 0, 1, 7});

        assertThat(parse(ByteBufUtil.getBytes(more))).isEqualTo(new Hello.Whole("a.example"));
    }

    static Stream<byte[]> malformed() {
        return Stream.of(
                helloWith("00"),
                helloWith("000100"),
                helloWith("0005" + extension(7, "")),
                helloWith(extensions(names(name("a.example"), name("b.example")))),
                helloWith(extensions(names(name("a.example")), names(name("a.example")))),
                helloWith(extensions(names())),
                helloWith(extensions(names(name("")))),
                helloWith(extensions(names(name("a.example.")))),
                helloWith(extensions(names(name("a\0.example")))),
                helloWith(extensions(names(name("a".repeat(256))))),
                helloWith(extensions(names("01" + name("a").substring(2)))),
                helloWith(extensions(extension(0, "ffff"))),
                // ServerHello
                ByteBufUtil.decodeHexDump("160303000402000000"),
                // an empty record
                ByteBufUtil.decodeHexDump("1603010000"),
                // an alert in the middle
                ByteBufUtil.decodeHexDump("160301000201001503030002"));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void whatIsNotOfTheGrammarIsRefused(byte[] bytes) {
        assertThat(parse(bytes)).isEqualTo(Hello.Refused.MALFORMED);
    }

    @Test
    void whatIsLongerThanItsBoundIsRefusedWhenItIsAnnounced() {
        assertThat(parse(ByteBufUtil.decodeHexDump("160301400001004000"))).isEqualTo(Hello.Refused.TOO_LONG);
        assertThat(parse(ByteBufUtil.decodeHexDump("16030100040100ffff"))).isInstanceOf(Hello.Refused.class);
        assertThat(parse(ByteBufUtil.decodeHexDump("160301000401ffffff"))).isEqualTo(Hello.Refused.TOO_LONG);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\n", "\0", "\u0016\u0002", "SSH-2.0-x\r\n"})
    void whatIsNoHandshakeIsKnownByItsFirstBytes(String text) {
        assertThat(parse(text.getBytes(StandardCharsets.ISO_8859_1))).isEqualTo(Hello.Refused.ABSENT);
    }

    @Test
    void noGarbageDoesAnythingButBeJudged() {
        var random = new Random(SEED);
        var valid = hellos().toList();
        for (int round = 0; round < 50_000; round++) {
            var bytes = valid.get(random.nextInt(valid.size())).clone();
            for (int change = random.nextInt(4); change >= 0; change--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            var in = Unpooled.wrappedBuffer(bytes, 0, random.nextInt(bytes.length + 1));

            HelloParser.parse(in);

            assertThat(in.readerIndex()).isZero();
        }
    }

    private static Hello parse(byte[] bytes) {
        return parse(bytes, bytes.length);
    }

    /** In a buffer that has something before it. */
    private static Hello parse(byte[] bytes, int length) {
        ByteBuf in =
                Unpooled.buffer().writeByte(22).writeBytes(bytes, 0, length).skipBytes(1);
        return HelloParser.parse(in);
    }
}
