package io.tickstorm.proxy.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TimelineTest {
    private Instant now = Instant.EPOCH;
    private final Timeline timeline = new Timeline(() -> now);

    @Test
    void theLatestIsFirst() {
        timeline.add(Kind.CAME, "web", "web-0 came");
        now = now.plusSeconds(3);
        timeline.add(Kind.EJECTED, "web", "web-0 is ejected");

        assertThat(timeline.events()).extracting(Event::text).containsExactly("web-0 is ejected", "web-0 came");
        assertThat(timeline.events().getFirst().first()).isEqualTo(now);
    }

    @Test
    void whatHappensAgainSoonIsCountedAndNotRepeated() {
        for (int i = 0; i < 30; i++) {
            timeline.add(Kind.UNREACHABLE, "web", "web-0 cannot be reached");
            now = now.plusSeconds(1);
        }
        timeline.add(Kind.UNREACHABLE, "other", "web-0 cannot be reached");

        assertThat(timeline.events()).extracting(Event::times).containsExactly(1, 30);
        assertThat(timeline.events().getLast().first()).isEqualTo(Instant.EPOCH);
        assertThat(timeline.events().getLast().last()).isEqualTo(now.minusSeconds(1));
    }

    @Test
    void whatHappensAgainLaterIsTold() {
        timeline.add(Kind.EJECTED, "web", "web-0 is ejected");
        now = now.plus(Duration.ofSeconds(61));
        timeline.add(Kind.EJECTED, "web", "web-0 is ejected");

        assertThat(timeline.events()).hasSize(2);
    }

    @Test
    void manyOfAKindAtOnceDoNotPushOutWhatElseHappened() {
        timeline.add(Kind.CONFIGURATION, "", "configuration 0123 is in use");
        for (int i = 0; i < 500; i++) {
            timeline.add(Kind.CHECK_FAILED, "web", "web-" + i + " is out");
        }
        timeline.add(Kind.CHECK_FAILED, "other", "other-0 is out");

        assertThat(timeline.events())
                .extracting(Event::text)
                .containsExactly(
                        "other-0 is out",
                        "and others of this backend",
                        "web-5 is out",
                        "web-4 is out",
                        "web-3 is out",
                        "web-2 is out",
                        "web-1 is out",
                        "web-0 is out",
                        "configuration 0123 is in use");
        assertThat(timeline.events().get(1).times()).isEqualTo(494);

        now = now.plusSeconds(6);
        timeline.add(Kind.CHECK_FAILED, "web", "web-501 is out");

        assertThat(timeline.events().getFirst().text()).isEqualTo("web-501 is out");
    }

    @Test
    void noMoreIsKeptThanMayBe() {
        for (int i = 0; i < 3 * Timeline.MOST; i++) {
            now = now.plusSeconds(1);
            timeline.add(Kind.CAME, "web", i + " " + "x".repeat(10_000));
        }

        assertThat(timeline.events())
                .hasSize(Timeline.MOST)
                .allMatch(event -> event.text().length() <= 301);
        assertThat(timeline.events().getFirst().number()).isEqualTo(3 * Timeline.MOST);
    }

    @Test
    void everyChangeHasAnotherVersion() {
        var before = timeline.version();
        timeline.add(Kind.CAME, "web", "web-0 came");
        var first = timeline.version();
        timeline.add(Kind.CAME, "web", "web-0 came");

        assertThat(first).isGreaterThan(before);
        assertThat(timeline.version()).isGreaterThan(first);
    }
}
