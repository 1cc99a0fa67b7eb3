package io.tickstorm.backend.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.tickstorm.backend.protocol.ErrorCode;
import io.tickstorm.backend.protocol.MessageType;
import io.tickstorm.backend.protocol.SubscriptionMode;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What no client should send ends its session, and says why. */
class FaultsTest {
    private Conversation talk;

    @AfterEach
    void close() {
        talk.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = MessageType.class,
            names = {"MESSAGE_TYPE_DATA_BATCH", "MESSAGE_TYPE_ERROR", "MESSAGE_TYPE_ACK", "MESSAGE_TYPE_PONG"})
    void whatOnlyAServerSendsIsInvalid(MessageType type) throws Exception {
        talk = Conversation.subscribed(SubscriptionMode.SUBSCRIPTION_MODE_SECOND);

        talk.send(type, "");

        talk.assertEndedBy(ErrorCode.ERROR_CODE_INVALID_MESSAGE);
    }

    @Test
    void aPayloadThatIsNoMessageIsInvalid() throws Exception {
        talk = Conversation.authenticated();

        talk.send(MessageType.MESSAGE_TYPE_SUBSCRIBE, "\u0012\u007f");

        talk.assertEndedBy(ErrorCode.ERROR_CODE_INVALID_MESSAGE);
    }

    @Test
    void bytesThatAreNoFrameAreNamedByTheirFault() throws Exception {
        assertFault("47455420", "2f20485454502f31", ErrorCode.ERROR_CODE_INVALID_MESSAGE);
        assertFault("f57d0901", "00000000deadbeef", ErrorCode.ERROR_CODE_PROTOCOL_VERSION);
        assertFault("f57d0101", "00010001", ErrorCode.ERROR_CODE_MESSAGE_TOO_LARGE);
        assertFault("f57d0101", "00000000deadbeef", ErrorCode.ERROR_CODE_CHECKSUM_FAILED);
    }

    @Test
    void aFloodOfFramesEndsTheSession() throws Exception {
        talk = Conversation.authenticated();
        // AUTH was the first of the hundred.
        for (int beat = 1; beat < 100; beat++) {
            talk.heartbeat(beat);
            talk.payload(MessageType.MESSAGE_TYPE_PONG);
        }

        talk.heartbeat(100);

        talk.assertEndedBy(ErrorCode.ERROR_CODE_RATE_LIMITED);
    }

    @Test
    void tenFramesASecondAreNoFlood() throws Exception {
        talk = Conversation.authenticated();

        for (int beat = 1; beat <= 300; beat++) {
            talk.pass(Duration.ofMillis(100));
            talk.heartbeat(beat);
            talk.payload(MessageType.MESSAGE_TYPE_PONG);
        }

        assertThat(talk.closed()).isFalse();
    }

    private void assertFault(String head, String rest, ErrorCode code) throws Exception {
        talk = Conversation.authenticated();
        talk.send(Unpooled.copiedBuffer(ByteBufUtil.decodeHexDump(head)));
        assertThat(talk.silent()).isTrue();

        talk.send(Unpooled.copiedBuffer(ByteBufUtil.decodeHexDump(rest)));

        talk.assertEndedBy(code);
    }
}
