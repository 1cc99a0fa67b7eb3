package io.tickstorm.proxy.backend;

import static io.tickstorm.proxy.backend.BackendFixture.active;
import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.breaker.OutlierEjectionSettings;
import io.tickstorm.proxy.endpoint.FailureKind;
import io.tickstorm.proxy.endpoint.HoldReason;
import io.tickstorm.proxy.retry.RetrySettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who falls silent is out at once; who is slow by nature is not. */
class SilenceTest {
    private static final Duration SILENCE = OutlierEjectionSettings.DEFAULT.silence();
    private static final Duration LOOK = SILENCE.dividedBy(8);
    private static final Duration LATEST = SILENCE.plus(LOOK).plus(LOOK);
    private static final Duration LONGEST_OUT = Duration.ofSeconds(12);

    private final BackendFixture fixture = BackendFixture.ejecting();
    private final List<String> told = new ArrayList<>();

    @BeforeEach
    void setUp() {
        fixture.backend.onSilent(upstream -> told.add(upstream.endpoint().name()));
        fixture.update(active("a"), active("b"), active("c"));
    }

    @Test
    void whoIsSilentWhileItsPeersAreHeardIsOutAndThatIsTold() {
        answer(100, Duration.ofMillis(5));
        var stuck = asked("a");

        whileOthersAnswer(SILENCE.minus(LOOK));
        assertThat(ejected()).as("before the silence is over").isEmpty();
        whileOthersAnswer(LATEST.minus(SILENCE).plus(LOOK));

        assertThat(ejected()).containsExactly("a");
        assertThat(told).contains("a");
        assertThat(fixture.inRotation()).containsExactlyInAnyOrder("b", "c");
        assertThat(fixture.upstream("a").reasons()).singleElement().satisfies(hold -> {
            assertThat(hold.reason()).isEqualTo(HoldReason.EJECTED);
            assertThat(hold.detail()).startsWith("nothing was heard for 1").contains("1 answer was awaited");
        });
        stuck.end(new Outcome.Failure(FailureKind.SILENT));
    }

    @Test
    void oneRequestAloneIsEnough() {
        answer(100, Duration.ofMillis(5));
        asked("a");

        fixture.time.advance(LATEST);

        assertThat(ejected()).containsExactly("a");
    }

    @Test
    void withoutAPeerThatIsHeardOnlyOneOfThreeGoes() {
        answer(100, Duration.ofMillis(5));
        asked("a");
        asked("b");
        asked("c");

        fixture.time.advance(LATEST.multipliedBy(5));

        assertThat(ejected()).hasSize(1);
        assertThat(fixture.inRotation()).hasSize(2);
    }

    @Test
    void withAPeerThatIsHeardAllTheOthersGoAndPanicDoesNotBringThemBack() {
        answer(100, Duration.ofMillis(5));
        asked("a");
        asked("b");

        for (int i = 0; i < 20; i++) {
            heard(asked("c"));
            fixture.time.advance(Duration.ofMillis(100));
        }

        assertThat(ejected()).containsExactly("a", "b");
        assertThat(fixture.inRotation()).containsExactly("c");
        assertThat(fixture.backend.mode()).isEqualTo(Mode.NORMAL);
    }

    @Test
    void theLastOneStays() {
        fixture.update(active("a"));
        answer(100, Duration.ofMillis(5));
        asked("a");

        fixture.time.advance(Duration.ofMinutes(1));

        assertThat(ejected()).isEmpty();
        assertThat(fixture.inRotation()).containsExactly("a");
    }

    @Test
    void aBackendOfLongPollsIsNeverSilent() {
        answer(100, Duration.ofSeconds(30));
        for (int round = 0; round < 40; round++) {
            var polls = List.of(asked("a"), asked("b"), asked("c"));
            fixture.time.advance(Duration.ofSeconds(30));
            polls.forEach(poll -> heardAfter(poll, Duration.ofSeconds(30)));
        }

        assertThat(ejected()).isEmpty();
        assertThat(fixture.inRotation()).hasSize(3);
    }

    @Test
    void nobodyIsJudgedBeforeItIsKnownHowLongAnswersTake() {
        answer(99, Duration.ofMillis(5));
        asked("a");

        fixture.time.advance(Duration.ofMinutes(1));

        assertThat(ejected()).isEmpty();
    }

    @Test
    void whatIsNotAwaitedIsNoSilence() {
        answer(100, Duration.ofMillis(5));
        var session = fixture.acquire("a");
        var upload = fixture.acquire("b");
        var stream = asked("c");
        stream.heard();

        fixture.time.advance(Duration.ofHours(1));

        assertThat(ejected()).isEmpty();
        assertThat(fixture.time.pending()).isZero();
        upload.awaits();
        fixture.time.advance(LATEST);
        assertThat(ejected()).containsExactly("b");
        session.end(new Outcome.Cancelled());
        stream.end(new Outcome.Success(1));
    }

    @Test
    void theTimeBetweenRequestsIsNoSilence() {
        answer(100, Duration.ofMillis(5));
        fixture.time.advance(Duration.ofMinutes(4));

        var late = asked("a");
        fixture.time.advance(SILENCE.minus(LOOK));

        assertThat(ejected()).isEmpty();
        heard(late);
    }

    @Test
    void comesBackThroughOneRequestThatIsAnswered() {
        eject("a");
        fixture.time.advance(LONGEST_OUT);
        assertThat(fixture.upstream("a").available()).isTrue();

        var probe = asked("a");
        assertThat(fixture.inRotation()).as("while the probe runs").containsExactlyInAnyOrder("b", "c");
        heard(probe);

        assertThat(fixture.inRotation()).hasSize(3);
        assertThat(fixture.events).contains(new BackendEvent.Returned(fixture.upstream("a")));
    }

    @Test
    void aProbeThatMeetsSilenceIsToldAndKeepsItOutLonger() {
        eject("a");
        fixture.time.advance(LONGEST_OUT);
        var probe = asked("a");

        fixture.time.advance(LATEST);
        assertThat(ejected()).containsExactly("a", "a");
        probe.end(new Outcome.Failure(FailureKind.SILENT));

        fixture.time.advance(Duration.ofSeconds(19));
        assertThat(fixture.upstream("a").available())
                .as("it is out for 20 s at least")
                .isFalse();
        fixture.time.advance(Duration.ofSeconds(5));
        assertThat(fixture.upstream("a").available()).isTrue();
    }

    @Test
    void aSignOfLifeEndsItsTime() {
        answer(100, Duration.ofMillis(5));
        var owed = asked("a");
        fixture.time.advance(LATEST);
        assertThat(fixture.upstream("a").available()).isFalse();

        owed.heard();
        fixture.time.advance(LOOK);

        assertThat(fixture.upstream("a").available()).isTrue();
        owed.end(new Outcome.Success(LATEST.toNanos()));
        heard(asked("a"));
        assertThat(fixture.inRotation()).hasSize(3);
    }

    @Test
    void whatASilentOneOwedDoesNotTeachThatSuchTimesAreUsual() {
        answer(100, Duration.ofMillis(5));
        var owed = new ArrayList<Lease>();
        for (int i = 0; i < 10; i++) {
            owed.add(asked("a"));
        }
        fixture.time.advance(Duration.ofSeconds(8));
        owed.forEach(Lease::heard);
        owed.forEach(
                lease -> lease.end(new Outcome.Success(Duration.ofSeconds(8).toNanos())));
        fixture.events.clear();

        asked("b");
        fixture.time.advance(LATEST);

        assertThat(ejected()).containsExactly("b");
    }

    @Test
    void whatWasOnItsWayWhenItWasToldIsToldAtTheNextLook() {
        answer(100, Duration.ofMillis(5));
        asked("a");
        var onItsWay = fixture.acquire("a");
        fixture.time.advance(LATEST);
        told.clear();

        onItsWay.awaits();
        fixture.time.advance(LOOK);

        assertThat(told).containsExactly("a");
        fixture.time.advance(LOOK.multipliedBy(30));
        assertThat(told).as("at looks 1, 2, 4, 8, 16").hasSize(5);
    }

    @Test
    void zeroIsNoMatterHowLong() {
        fixture.backend.change(BackendFixture.settings(false, new RetrySettings.Budget(20, 1)));
        answer(100, Duration.ofMillis(5));
        asked("a");

        fixture.time.advance(Duration.ofMinutes(1));

        assertThat(ejected()).isEmpty();
    }

    private void eject(String name) {
        answer(100, Duration.ofMillis(5));
        var stuck = asked(name);
        fixture.time.advance(LATEST);
        assertThat(ejected()).containsExactly(name);
        stuck.end(new Outcome.Failure(FailureKind.SILENT));
    }

    private List<String> ejected() {
        return fixture.events.stream()
                .filter(BackendEvent.Ejected.class::isInstance)
                .map(event ->
                        ((BackendEvent.Ejected) event).upstream().endpoint().name())
                .toList();
    }

    /** Both of the others are asked and answer, again and again. */
    private void whileOthersAnswer(Duration time) {
        var step = Duration.ofMillis(25);
        for (var passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(step)) {
            heard(asked("b"));
            heard(asked("c"));
            fixture.time.advance(step);
        }
    }

    /** An attempt on this one, from which an answer is awaited. */
    private Lease asked(String name) {
        var lease = fixture.acquire(name);
        lease.awaits();
        return lease;
    }

    private void answer(int count, Duration after) {
        for (int i = 0; i < count; i++) {
            var lease = fixture.acquire();
            lease.awaits();
            heardAfter(lease, after);
        }
        fixture.time.advance(LOOK);
    }

    private static void heard(Lease lease) {
        heardAfter(lease, Duration.ofMillis(5));
    }

    private static void heardAfter(Lease lease, Duration after) {
        lease.heard();
        lease.end(new Outcome.Success(after.toNanos()));
    }
}
