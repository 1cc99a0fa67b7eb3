package io.tickstorm.backend.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.backend.protocol.ErrorCode;
import io.tickstorm.backend.protocol.HeartbeatResponse;
import io.tickstorm.backend.protocol.MessageType;
import io.tickstorm.backend.protocol.SubscriptionMode;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who is silent is ended, and what a heartbeat gets. */
class HeartbeatTest {
    private static final Duration MILLISECOND = Duration.ofMillis(1);

    private Conversation talk;

    @AfterEach
    void close() {
        talk.close();
    }

    @Test
    void aHeartbeatIsAnsweredWithItsTimeAndSequenceBeforeASubscriptionToo() throws Exception {
        talk = Conversation.authenticated();

        talk.heartbeat(7);

        var pong = HeartbeatResponse.parseFrom(talk.payload(MessageType.MESSAGE_TYPE_PONG));
        assertThat(pong.getClientTimestampMs()).isEqualTo(1234);
        assertThat(pong.getServerTimestampMs()).isEqualTo(Conversation.NOW.toEpochMilli());
        assertThat(pong.getSequence()).isEqualTo(7);
    }

    @Test
    void twentySecondsWithoutAHeartbeatEndTheSession() throws Exception {
        talk = Conversation.subscribed(SubscriptionMode.SUBSCRIPTION_MODE_MINUTE);

        talk.pass(Duration.ofSeconds(15));
        talk.heartbeat(1);
        talk.payload(MessageType.MESSAGE_TYPE_PONG);
        talk.pass(Duration.ofSeconds(20).minus(MILLISECOND));
        assertThat(talk.silent()).isTrue();
        assertThat(talk.closed()).isFalse();
        talk.pass(MILLISECOND);

        talk.assertEndedBy(ErrorCode.ERROR_CODE_HEARTBEAT_TIMEOUT);
    }

    @Test
    void theFirstHeartbeatIsDue20SecondsAfterAuth() throws Exception {
        talk = Conversation.authenticated();

        talk.pass(Duration.ofSeconds(20).minus(MILLISECOND));
        assertThat(talk.closed()).isFalse();
        talk.pass(MILLISECOND);

        talk.assertEndedBy(ErrorCode.ERROR_CODE_HEARTBEAT_TIMEOUT);
    }

    @Test
    void whoSendsHeartbeatsButNeverSubscribesIsEndedAfterAMinute() throws Exception {
        talk = Conversation.authenticated();
        for (int beat = 1; beat <= 3; beat++) {
            talk.pass(Duration.ofSeconds(15));
            talk.heartbeat(beat);
            talk.payload(MessageType.MESSAGE_TYPE_PONG);
        }

        talk.pass(Duration.ofSeconds(15).minus(MILLISECOND));
        assertThat(talk.closed()).isFalse();
        talk.pass(MILLISECOND);

        talk.assertEndedBy(ErrorCode.ERROR_CODE_NOT_SUBSCRIBED);
    }

    @Test
    void aHeartbeatWithoutATimeIsInvalid() throws Exception {
        talk = Conversation.authenticated();

        talk.send(MessageType.MESSAGE_TYPE_HEARTBEAT, "");

        talk.assertEndedBy(ErrorCode.ERROR_CODE_INVALID_MESSAGE);
    }
}
