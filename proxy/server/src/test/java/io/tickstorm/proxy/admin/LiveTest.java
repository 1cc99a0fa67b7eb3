package io.tickstorm.proxy.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tickstorm.process.LogLevels;
import io.tickstorm.proxy.access.RecentFailures;
import io.tickstorm.proxy.history.History;
import io.tickstorm.proxy.history.Kind;
import io.tickstorm.proxy.history.Timeline;
import io.tickstorm.proxy.time.ManualTime;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LiveTest {
    private final ManualTime time = new ManualTime();
    private final Timeline timeline = new Timeline(() -> Instant.EPOCH);
    private final History history =
            new History(() -> new History.Reading(List.of(), Map.of()), time, time, Runnable::run);
    private final Live live = new Live(sources(), this::state);
    private int looks;
    private boolean broken;

    /** Takes what it is sent, unless it does not. */
    private static final class Reader implements Live.Page {
        private final List<String> heard = new ArrayList<>();
        private boolean full;
        private boolean closed;

        @Override
        public boolean full() {
            return full;
        }

        @Override
        public void send(Buffer event) {
            heard.add(event.toString().lines().findFirst().orElse(""));
        }

        @Override
        public void close() {
            closed = true;
        }

        private List<String> take() {
            var taken = List.copyOf(heard);
            heard.clear();
            return taken;
        }
    }

    @Test
    void whoOpensAPageIsToldAllAtOnceAndThenWhatIsNew() {
        var page = new Reader();

        live.add(page);
        assertThat(page.take()).containsExactly("event: state", "event: timeline", "event: history");

        time.advance(Live.TICK);
        assertThat(page.take()).containsExactly("event: state");

        timeline.add(Kind.CAME, "web", "web-0 came");
        time.advance(Live.TICK);
        assertThat(page.take()).containsExactly("event: state", "event: timeline");
    }

    @Test
    void aNewSampleIsSentAloneAndAllOfThemToWhomHasMissedSome() {
        var page = new Reader();
        history.start();
        live.add(page);
        page.take();

        time.advance(History.STEP);
        assertThat(page.take()).containsOnlyOnce("event: sample").doesNotContain("event: history");

        page.full = true;
        time.advance(History.STEP.multipliedBy(3));
        page.full = false;
        page.take();
        time.advance(Live.TICK);
        assertThat(page.take()).contains("event: history");
    }

    @Test
    void theStateIsWorkedOutOnceForAllPagesAndNeverForNone() {
        var pages = List.of(new Reader(), new Reader(), new Reader());
        pages.forEach(live::add);
        var before = looks;

        time.advance(Live.TICK.multipliedBy(10));
        assertThat(looks - before).isEqualTo(10);

        pages.forEach(live::remove);
        time.advance(Live.TICK.multipliedBy(10));
        assertThat(looks - before).isLessThanOrEqualTo(11);
        assertThat(time.pending()).isZero();
    }

    @Test
    void itBeginsAgainForTheNextPage() {
        var first = new Reader();
        live.add(first);
        live.remove(first);
        time.advance(Live.TICK.multipliedBy(3));

        var second = new Reader();
        live.add(second);
        second.take();
        time.advance(Live.TICK.multipliedBy(3));

        assertThat(second.take()).hasSize(3);
    }

    @Test
    void noMorePagesAreToldThanMay() {
        for (int i = 0; i < Live.MOST_PAGES; i++) {
            assertThat(live.add(new Reader())).isTrue();
        }

        assertThat(live.add(new Reader())).isFalse();
        assertThat(live.pages()).isEqualTo(Live.MOST_PAGES);
    }

    @Test
    void whoDoesNotKeepUpIsSentNothingAndInTheEndLeft() {
        var slow = new Reader();
        var quick = new Reader();
        live.add(slow);
        live.add(quick);
        slow.full = true;
        slow.take();
        quick.take();

        time.advance(Duration.ofSeconds(29));
        assertThat(slow.take()).isEmpty();
        assertThat(slow.closed).isFalse();
        assertThat(quick.take()).filteredOn("event: state"::equals).hasSize(58);

        time.advance(Duration.ofSeconds(3));
        assertThat(slow.closed).isTrue();
        assertThat(live.pages()).isOne();
    }

    @Test
    void aLookThatFailsIsNotTheLast() {
        var page = new Reader();
        live.add(page);
        page.take();

        broken = true;
        assertThatThrownBy(() -> time.advance(Live.TICK)).hasMessage("a bug");
        broken = false;
        time.advance(Live.TICK);

        assertThat(page.take()).containsExactly("event: state");
    }

    @Test
    void theEndOfTheProxyEndsAllPages() {
        var page = new Reader();
        live.add(page);

        live.close();

        assertThat(page.closed).isTrue();
        time.advance(Live.TICK.multipliedBy(3));
        assertThat(time.pending()).isZero();
    }

    private JsonObject state() {
        looks++;
        if (broken) {
            throw new IllegalStateException("a bug");
        }
        return new JsonObject();
    }

    private Sources sources() {
        return new Sources(
                () -> {
                    throw new AssertionError("not asked here");
                },
                new RecentFailures(),
                history,
                timeline,
                time,
                () -> Instant.EPOCH,
                time,
                Runnable::run,
                Runnable::run,
                new LogLevels(),
                null);
    }
}
