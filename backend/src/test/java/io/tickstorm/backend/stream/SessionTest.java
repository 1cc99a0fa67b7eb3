package io.tickstorm.backend.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.tickstorm.backend.protocol.ErrorCode;
import io.tickstorm.backend.protocol.HeartbeatResponse;
import io.tickstorm.backend.protocol.MessageType;
import io.tickstorm.backend.protocol.SubscribeRequest;
import io.tickstorm.backend.protocol.SubscriptionMode;
import io.tickstorm.backend.protocol.Tick;
import java.time.Duration;
import java.util.Collections;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SessionTest {
    private static final Duration MILLISECOND = Duration.ofMillis(1);

    private Conversation talk;

    @AfterEach
    void close() {
        talk.close();
    }

    @Test
    void authIsAcknowledgedAndNamesTheServer() throws Exception {
        talk = Conversation.opened();

        talk.authenticate("storm", "secret");

        var ack = talk.ack();
        assertThat(ack.getAckType()).isEqualTo(MessageType.MESSAGE_TYPE_AUTH);
        assertThat(ack.getSuccess()).isTrue();
        assertThat(ack.getTimestampMs()).isEqualTo(Conversation.NOW.toEpochMilli());
        assertThat(ack.getMetadataMap()).containsEntry("instance_id", "backend-a");
        assertThat(talk.closed()).isFalse();
    }

    @Test
    void wrongCredentialsEndTheSession() throws Exception {
        talk = Conversation.opened();

        talk.authenticate("storm", "guessed");

        assertEndedBy(ErrorCode.ERROR_CODE_INVALID_AUTH);
    }

    @Test
    void withoutCredentialsOfItsOwnTheServerTakesAnyUserWithAPassword() throws Exception {
        talk = new Conversation(new Credentials.Any());
        talk.authenticate("anybody", "anything");
        assertThat(talk.ack().getSuccess()).isTrue();
        talk.close();

        talk = new Conversation(new Credentials.Any());
        talk.authenticate("anybody", "");
        assertEndedBy(ErrorCode.ERROR_CODE_INVALID_AUTH);
    }

    @ParameterizedTest
    @EnumSource(
            value = MessageType.class,
            names = {"MESSAGE_TYPE_SUBSCRIBE", "MESSAGE_TYPE_HEARTBEAT", "MESSAGE_TYPE_PONG"})
    void theFirstFrameMustBeAuth(MessageType type) throws Exception {
        talk = Conversation.opened();

        talk.send(type, "");

        assertEndedBy(ErrorCode.ERROR_CODE_AUTH_REQUIRED);
    }

    @Test
    void whoNeverAuthenticatesIsEndedAfter30Seconds() throws Exception {
        talk = Conversation.opened();

        talk.pass(Duration.ofSeconds(30).minus(MILLISECOND));
        assertThat(talk.closed()).isFalse();
        talk.pass(MILLISECOND);

        assertEndedBy(ErrorCode.ERROR_CODE_AUTH_REQUIRED);
    }

    @Test
    void aSecondAuthEndsTheSession() throws Exception {
        talk = Conversation.authenticated();

        talk.authenticate("storm", "secret");

        assertEndedBy(ErrorCode.ERROR_CODE_ALREADY_AUTHENTICATED);
    }

    @Test
    void aSecondAuthEndsASubscribedSessionToo() throws Exception {
        talk = Conversation.subscribed(SubscriptionMode.SUBSCRIPTION_MODE_SECOND);

        talk.authenticate("storm", "secret");

        assertEndedBy(ErrorCode.ERROR_CODE_ALREADY_AUTHENTICATED);
        assertThat(talk.totals.subscribed()).isZero();
    }

    @Test
    void aSubscriptionIsAcknowledgedAndBeginsWithASnapshot() throws Exception {
        talk = Conversation.authenticated();

        talk.send(
                MessageType.MESSAGE_TYPE_SUBSCRIBE,
                SubscribeRequest.newBuilder()
                        .setMode(SubscriptionMode.SUBSCRIPTION_MODE_SECOND)
                        .addSymbols("MSFT")
                        .addSymbols("AAPL")
                        .addSymbols("MSFT")
                        .build());

        assertThat(talk.ack().getAckType()).isEqualTo(MessageType.MESSAGE_TYPE_SUBSCRIBE);
        var snapshot = talk.batch();
        assertThat(snapshot.getIsSnapshot()).isTrue();
        assertThat(snapshot.getBatchSequence()).isEqualTo(1);
        assertThat(snapshot.getBatchTimestampMs()).isEqualTo(Conversation.NOW.toEpochMilli());
        assertThat(snapshot.getTicksList()).extracting(Tick::getSymbol).containsExactly("AAPL", "MSFT");
        assertThat(snapshot.getTicksList()).allSatisfy(SessionTest::assertPlausible);
        assertThat(talk.totals.subscribed()).isOne();
    }

    @Test
    void whoNamesNoSymbolGetsTheDefaultOnes() throws Exception {
        talk = Conversation.authenticated();

        talk.send(
                MessageType.MESSAGE_TYPE_SUBSCRIBE,
                SubscribeRequest.newBuilder()
                        .setMode(SubscriptionMode.SUBSCRIPTION_MODE_MINUTE)
                        .build());

        talk.ack();
        assertThat(talk.batch().getTicksList())
                .extracting(Tick::getSymbol)
                .containsExactlyElementsOf(Subscription.DEFAULT_SYMBOLS);
    }

    @Test
    void everySecondATickOfEachSymbolArrivesFiveMillisecondsLater() throws Exception {
        talk = Conversation.subscribed(SubscriptionMode.SUBSCRIPTION_MODE_SECOND);

        talk.pass(Duration.ofSeconds(1));
        talk.pass(Duration.ofMillis(4));
        assertThat(talk.silent()).isTrue();
        talk.pass(MILLISECOND);

        var first = talk.batch();
        assertThat(first.getIsSnapshot()).isFalse();
        assertThat(first.getBatchSequence()).isEqualTo(2);
        assertThat(first.getTicksList())
                .extracting(Tick::getMode)
                .containsOnly(SubscriptionMode.SUBSCRIPTION_MODE_SECOND)
                .hasSize(Subscription.DEFAULT_SYMBOLS.size());
        talk.pass(Duration.ofMillis(995));
        talk.pass(Duration.ofMillis(5));
        var second = talk.batch();
        assertThat(second.getBatchSequence()).isEqualTo(3);
        assertThat(second.getTicks(0).getPrice()).isNotEqualTo(first.getTicks(0).getPrice());
        assertThat(talk.totals.batchesSent()).isEqualTo(3);
    }

    @Test
    void inMinuteModeATickComesEveryMinute() throws Exception {
        talk = Conversation.subscribed(SubscriptionMode.SUBSCRIPTION_MODE_MINUTE);

        for (int second = 1; second < 60; second++) {
            talk.pass(Duration.ofSeconds(1));
            if (second % 15 == 0) {
                talk.heartbeat(second);
                talk.payload(MessageType.MESSAGE_TYPE_PONG);
            }
            assertThat(talk.silent()).as("after %d s", second).isTrue();
        }
        talk.pass(Duration.ofSeconds(1));
        talk.pass(Duration.ofMillis(5));

        var batch = talk.batch();
        assertThat(batch.getBatchSequence()).isEqualTo(2);
        assertThat(batch.getTicks(0).getMode()).isEqualTo(SubscriptionMode.SUBSCRIPTION_MODE_MINUTE);
    }

    @Test
    void aSecondSubscribeEndsTheSession() throws Exception {
        talk = Conversation.subscribed(SubscriptionMode.SUBSCRIPTION_MODE_SECOND);

        talk.send(
                MessageType.MESSAGE_TYPE_SUBSCRIBE,
                SubscribeRequest.newBuilder()
                        .setMode(SubscriptionMode.SUBSCRIPTION_MODE_SECOND)
                        .build());

        assertEndedBy(ErrorCode.ERROR_CODE_ALREADY_SUBSCRIBED);
    }

    @Test
    void aSubscriptionWithoutAModeIsInvalid() throws Exception {
        talk = Conversation.authenticated();

        talk.send(MessageType.MESSAGE_TYPE_SUBSCRIBE, SubscribeRequest.getDefaultInstance());

        assertEndedBy(ErrorCode.ERROR_CODE_INVALID_SUBSCRIPTION);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "aapl", "AA PL", "ABCDEFGHIJKLMNOPQ"})
    void aSymbolHasOneToSixteenCapitalsDigitsAndSigns(String symbol) throws Exception {
        talk = Conversation.authenticated();

        talk.send(
                MessageType.MESSAGE_TYPE_SUBSCRIBE,
                SubscribeRequest.newBuilder()
                        .setMode(SubscriptionMode.SUBSCRIPTION_MODE_SECOND)
                        .addSymbols(symbol)
                        .build());

        assertEndedBy(ErrorCode.ERROR_CODE_INVALID_SUBSCRIPTION);
    }

    @Test
    void moreThanAHundredSymbolsAreInvalid() throws Exception {
        talk = Conversation.authenticated();

        talk.send(
                MessageType.MESSAGE_TYPE_SUBSCRIBE,
                SubscribeRequest.newBuilder()
                        .setMode(SubscriptionMode.SUBSCRIPTION_MODE_SECOND)
                        .addAllSymbols(Collections.nCopies(101, "A"))
                        .build());

        assertEndedBy(ErrorCode.ERROR_CODE_INVALID_SUBSCRIPTION);
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

        assertEndedBy(ErrorCode.ERROR_CODE_HEARTBEAT_TIMEOUT);
    }

    @Test
    void theFirstHeartbeatIsDue20SecondsAfterAuth() throws Exception {
        talk = Conversation.authenticated();

        talk.pass(Duration.ofSeconds(20).minus(MILLISECOND));
        assertThat(talk.closed()).isFalse();
        talk.pass(MILLISECOND);

        assertEndedBy(ErrorCode.ERROR_CODE_HEARTBEAT_TIMEOUT);
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

        assertEndedBy(ErrorCode.ERROR_CODE_NOT_SUBSCRIBED);
    }

    @Test
    void aHeartbeatWithoutATimeIsInvalid() throws Exception {
        talk = Conversation.authenticated();

        talk.send(MessageType.MESSAGE_TYPE_HEARTBEAT, "");

        assertEndedBy(ErrorCode.ERROR_CODE_INVALID_MESSAGE);
    }

    @ParameterizedTest
    @EnumSource(
            value = MessageType.class,
            names = {"MESSAGE_TYPE_DATA_BATCH", "MESSAGE_TYPE_ERROR", "MESSAGE_TYPE_ACK", "MESSAGE_TYPE_PONG"})
    void whatOnlyAServerSendsIsInvalid(MessageType type) throws Exception {
        talk = Conversation.subscribed(SubscriptionMode.SUBSCRIPTION_MODE_SECOND);

        talk.send(type, "");

        assertEndedBy(ErrorCode.ERROR_CODE_INVALID_MESSAGE);
    }

    @Test
    void aPayloadThatIsNoMessageIsInvalid() throws Exception {
        talk = Conversation.authenticated();

        talk.send(MessageType.MESSAGE_TYPE_SUBSCRIBE, "\u0012\u007f");

        assertEndedBy(ErrorCode.ERROR_CODE_INVALID_MESSAGE);
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

        assertEndedBy(ErrorCode.ERROR_CODE_RATE_LIMITED);
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

    @Test
    void aBugOfTheServerIsAdmitted() throws Exception {
        talk = Conversation.subscribed(SubscriptionMode.SUBSCRIPTION_MODE_SECOND);

        talk.breaksDown();

        assertEndedBy(ErrorCode.ERROR_CODE_INTERNAL_ERROR);
    }

    @Test
    void aDrainEndsTheSessionWithinItsWindowAndWithoutAnError() throws Exception {
        talk = Conversation.subscribed(SubscriptionMode.SUBSCRIPTION_MODE_MINUTE);

        talk.drain.begin(Duration.ofSeconds(5));
        assertThat(talk.closed()).isFalse();
        talk.pass(Duration.ofSeconds(5));

        assertThat(talk.silent()).isTrue();
        assertThat(talk.closed()).isTrue();
        assertThat(talk.totals.active()).isZero();
        assertThat(talk.totals.subscribed()).isZero();
    }

    private void assertFault(String head, String rest, ErrorCode code) throws Exception {
        talk = Conversation.authenticated();
        talk.send(Unpooled.copiedBuffer(ByteBufUtil.decodeHexDump(head)));
        assertThat(talk.silent()).isTrue();

        talk.send(Unpooled.copiedBuffer(ByteBufUtil.decodeHexDump(rest)));

        assertEndedBy(code);
    }

    private void assertEndedBy(ErrorCode code) throws Exception {
        var error = talk.error();
        assertThat(error.getCode()).isEqualTo(code);
        assertThat(error.getMessage()).isNotEmpty();
        assertThat(error.getDetails()).isNotEmpty();
        assertThat(error.getTimestampMs()).isEqualTo(Conversation.NOW.toEpochMilli());
        assertThat(talk.silent()).isTrue();
        assertThat(talk.closed()).isTrue();
        assertThat(talk.totals.errors(code)).isOne();
        assertThat(talk.totals.active()).isZero();
        talk.pass(Duration.ofMinutes(2));
        assertThat(talk.totals.errors(code)).isOne();
    }

    private static void assertPlausible(Tick tick) {
        assertThat(tick.getTimestampMs()).isEqualTo(Conversation.NOW.toEpochMilli());
        assertThat(tick.getBid()).isPositive().isLessThan(tick.getPrice());
        assertThat(tick.getAsk()).isGreaterThan(tick.getPrice());
        assertThat(tick.getVolume()).isPositive();
        assertThat(tick.getBidSize()).isPositive();
        assertThat(tick.getAskSize()).isPositive();
    }
}
