package io.tickstorm.backend.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.google.protobuf.ByteString;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.tickstorm.backend.protocol.AuthRequest;
import io.tickstorm.backend.protocol.ErrorCode;
import io.tickstorm.backend.protocol.HeartbeatRequest;
import io.tickstorm.backend.protocol.MessageType;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameTest {
    /** username "u" (0A 01 75), password "p" (12 01 70); the checksum was computed by a bitwise CRC32C outside this code. */
    private static final String AUTH = "f57d0101" + "00000006" + "0a0175120170" + "11bc2a88";

    /** timestamp_ms 300 (08 AC 02), sequence 7 (10 07). */
    private static final String HEARTBEAT = "f57d0103" + "00000005" + "08ac021007" + "90538dda";

    /** No payload at all. */
    private static final String EMPTY = "f57d0103" + "00000000" + "bc04cd7d";

    @Test
    void framesHaveExactlyTheBytesOfTheWireFormat() {
        var auth = AuthRequest.newBuilder().setUsername("u").setPassword("p").build();
        var heartbeat =
                HeartbeatRequest.newBuilder().setTimestampMs(300).setSequence(7).build();

        assertThat(hex(Frame.of(MessageType.MESSAGE_TYPE_AUTH, auth))).isEqualTo(AUTH);
        assertThat(hex(Frame.of(MessageType.MESSAGE_TYPE_HEARTBEAT, heartbeat))).isEqualTo(HEARTBEAT);
        assertThat(hex(new Frame(MessageType.MESSAGE_TYPE_HEARTBEAT, ByteString.EMPTY)))
                .isEqualTo(EMPTY);
    }

    @Test
    void aMessageIsEncodedToTheSameBytesWithoutAFrame() {
        var auth = AuthRequest.newBuilder().setUsername("u").setPassword("p").build();

        var bytes = Frame.encode(UnpooledByteBufAllocator.DEFAULT, MessageType.MESSAGE_TYPE_AUTH, auth);

        assertThat(ByteBufUtil.hexDump(bytes)).isEqualTo(AUTH);
        bytes.release();
    }

    @Test
    void goldenBytesAreReadBack() throws Exception {
        var frame = Frame.decode(bytes(HEARTBEAT));

        assertThat(frame).isNotNull();
        assertThat(frame.type()).isEqualTo(MessageType.MESSAGE_TYPE_HEARTBEAT);
        assertThat(HeartbeatRequest.parseFrom(frame.payload()).getTimestampMs()).isEqualTo(300);
    }

    @ParameterizedTest
    @EnumSource(
            value = MessageType.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"MESSAGE_TYPE_UNSPECIFIED", "UNRECOGNIZED"})
    void everyTypeSurvivesTheWire(MessageType type) throws Exception {
        var frame = new Frame(type, ByteString.copyFromUtf8("payload of " + type));

        assertThat(Frame.decode(encoded(frame))).isEqualTo(frame);
    }

    @Test
    void nothingIsReadUntilTheWholeFrameIsThere() throws Exception {
        var whole = bytes(AUTH);

        for (int length = 0; length < whole.readableBytes(); length++) {
            var part = whole.slice(0, length);
            assertThat(Frame.decode(part)).as("after %d bytes", length).isNull();
            assertThat(part.readerIndex()).isZero();
        }
        assertThat(Frame.decode(whole)).isNotNull();
        assertThat(whole.isReadable()).isFalse();
    }

    @Test
    void theLargestPayloadIsReadAndOneByteMoreIsNot() throws Exception {
        var largest = new Frame(MessageType.MESSAGE_TYPE_ACK, ByteString.copyFrom(new byte[65_536]));

        assertThat(Frame.decode(encoded(largest))).isEqualTo(largest);
        assertFault("f57d010600010001", ErrorCode.ERROR_CODE_MESSAGE_TOO_LARGE, "65537");
        assertFault("f57d0106ffffffff", ErrorCode.ERROR_CODE_MESSAGE_TOO_LARGE, "4294967295");
    }

    @Test
    void aFrameThatIsTooLargeCannotBeMade() {
        assertThatThrownBy(() ->
                        new Frame(MessageType.MESSAGE_TYPE_ACK, ByteString.copyFrom(new byte[Frame.MAX_PAYLOAD + 1])))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("payload length: 65537 (expected: 0..65536)");
    }

    @Test
    void otherMagicVersionAndTypeAreFaults() {
        assertFault("f57e010300000000", ErrorCode.ERROR_CODE_INVALID_MESSAGE, "magic: f57e (expected: f57d)");
        assertFault("f57d020300000000", ErrorCode.ERROR_CODE_PROTOCOL_VERSION, "version: 2 (expected: 1)");
        assertFault("f57d010000000000", ErrorCode.ERROR_CODE_INVALID_MESSAGE, "type: 0");
        assertFault("f57d010800000000", ErrorCode.ERROR_CODE_INVALID_MESSAGE, "type: 8 (expected: 1..7)");
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 7, 8, 13, 14, 17})
    void oneWrongBitAnywhereFailsTheChecksum(int position) {
        var damaged = bytes(AUTH);
        // The lowest bit: in the type it makes another known type, in the length another possible length.
        damaged.setByte(position, damaged.getByte(position) ^ (position == 3 ? 2 : 1));
        damaged.writeZero(8);

        assertThatThrownBy(() -> Frame.decode(damaged))
                .asInstanceOf(type(FrameFault.class))
                .extracting(FrameFault::code)
                .isEqualTo(ErrorCode.ERROR_CODE_CHECKSUM_FAILED);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5, 9, 13})
    void aChecksumGoesOnFromWhereItStopped(int split) {
        var text = Unpooled.wrappedBuffer("123456789abcd".getBytes(StandardCharsets.US_ASCII));
        var whole = Crc32c.of(text, 0, text.readableBytes());

        assertThat(Crc32c.extend(Crc32c.of(text, 0, split), text, split, text.readableBytes() - split))
                .isEqualTo(whole);
        // The check value of CRC-32C in the catalogue of parametrised CRC algorithms.
        assertThat(Crc32c.of(text, 0, 9)).isEqualTo(0xE3069283);
    }

    private static void assertFault(String header, ErrorCode code, String message) {
        assertThatThrownBy(() -> Frame.decode(bytes(header)))
                .hasMessageContaining(message)
                .asInstanceOf(type(FrameFault.class))
                .extracting(FrameFault::code)
                .isEqualTo(code);
    }

    private static ByteBuf encoded(Frame frame) {
        var out = Unpooled.buffer();
        frame.encode(out);
        return out;
    }

    private static String hex(Frame frame) {
        return ByteBufUtil.hexDump(encoded(frame));
    }

    private static ByteBuf bytes(String hex) {
        return Unpooled.buffer().writeBytes(ByteBufUtil.decodeHexDump(hex));
    }
}
