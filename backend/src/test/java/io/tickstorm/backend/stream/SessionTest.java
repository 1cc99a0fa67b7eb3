package io.tickstorm.backend.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.backend.protocol.ErrorCode;
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

        talk.assertEndedBy(ErrorCode.ERROR_CODE_INVALID_AUTH);
    }

    @Test
    void withoutCredentialsOfItsOwnTheServerTakesAnyUserWithAPassword() throws Exception {
        talk = new Conversation(new Credentials.Any());
        talk.authenticate("anybody", "anything");
        assertThat(talk.ack().getSuccess()).isTrue();
        talk.close();

        talk = new Conversation(new Credentials.Any());
        talk.authenticate("anybody", "");
        talk.assertEndedBy(ErrorCode.ERROR_CODE_INVALID_AUTH);
    }

    @ParameterizedTest
    @EnumSource(
            value = MessageType.class,
            names = {"MESSAGE_TYPE_SUBSCRIBE", "MESSAGE_TYPE_HEARTBEAT", "MESSAGE_TYPE_PONG"})
    void theFirstFrameMustBeAuth(MessageType type) throws Exception {
        talk = Conversation.opened();

        talk.send(type, "");

        talk.assertEndedBy(ErrorCode.ERROR_CODE_AUTH_REQUIRED);
    }

    @Test
    void whoNeverAuthenticatesIsEndedAfter30Seconds() throws Exception {
        talk = Conversation.opened();

        talk.pass(Duration.ofSeconds(30).minus(MILLISECOND));
        assertThat(talk.closed()).isFalse();
        talk.pass(MILLISECOND);

        talk.assertEndedBy(ErrorCode.ERROR_CODE_AUTH_REQUIRED);
    }

    @Test
    void aSecondAuthEndsTheSession() throws Exception {
        talk = Conversation.authenticated();

        talk.authenticate("storm", "secret");

        talk.assertEndedBy(ErrorCode.ERROR_CODE_ALREADY_AUTHENTICATED);
    }

    @Test
    void aSecondAuthEndsASubscribedSessionToo() throws Exception {
        talk = Conversation.subscribed(SubscriptionMode.SUBSCRIPTION_MODE_SECOND);

        talk.authenticate("storm", "secret");

        talk.assertEndedBy(ErrorCode.ERROR_CODE_ALREADY_AUTHENTICATED);
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

        talk.assertEndedBy(ErrorCode.ERROR_CODE_ALREADY_SUBSCRIBED);
    }

    @Test
    void aSubscriptionWithoutAModeIsInvalid() throws Exception {
        talk = Conversation.authenticated();

        talk.send(MessageType.MESSAGE_TYPE_SUBSCRIBE, SubscribeRequest.getDefaultInstance());

        talk.assertEndedBy(ErrorCode.ERROR_CODE_INVALID_SUBSCRIPTION);
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

        talk.assertEndedBy(ErrorCode.ERROR_CODE_INVALID_SUBSCRIPTION);
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

        talk.assertEndedBy(ErrorCode.ERROR_CODE_INVALID_SUBSCRIPTION);
    }

    @Test
    void aBugOfTheServerIsAdmitted() throws Exception {
        talk = Conversation.subscribed(SubscriptionMode.SUBSCRIPTION_MODE_SECOND);

        talk.breaksDown();

        talk.assertEndedBy(ErrorCode.ERROR_CODE_INTERNAL_ERROR);
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

    private static void assertPlausible(Tick tick) {
        assertThat(tick.getTimestampMs()).isEqualTo(Conversation.NOW.toEpochMilli());
        assertThat(tick.getBid()).isPositive().isLessThan(tick.getPrice());
        assertThat(tick.getAsk()).isGreaterThan(tick.getPrice());
        assertThat(tick.getVolume()).isPositive();
        assertThat(tick.getBidSize()).isPositive();
        assertThat(tick.getAskSize()).isPositive();
    }
}
