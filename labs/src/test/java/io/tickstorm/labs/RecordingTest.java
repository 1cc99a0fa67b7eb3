package io.tickstorm.labs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tickstorm.labs.picture.Point;
import org.junit.jupiter.api.Test;

class RecordingTest {
    @Test
    void whatIsReadFromAFileIsWhatWasRecorded() {
        var recording = new Recording();
        recording.number("failed", 3);
        recording.point("p99", 0.5, 12.3456789);
        recording.point("p99", 1, 0);

        var read = Recording.of(recording.json());

        assertThat(read.number("failed")).isEqualTo(3);
        assertThat(read.series("p99")).containsExactly(new Point(0.5, 12.346), new Point(1, 0));
        assertThat(read.json()).isEqualTo(recording.json());
    }

    @Test
    void whatWasNotMeasuredIsNamed() {
        var recording = new Recording();
        recording.number("failed", 3);

        assertThatThrownBy(() -> recording.number("lost"))
                .hasMessageContaining("lost")
                .hasMessageContaining("failed");
    }

    @Test
    void aNameIsOfANumberOrOfASeries() {
        var recording = new Recording();
        recording.point("failed", 1, 3);

        assertThatThrownBy(() -> recording.number("failed", 3)).hasMessageContaining("failed");
    }

    @Test
    void meansAndSumsAreOfThePartThatIsAskedFor() {
        var recording = new Recording();
        for (int second = 0; second < 4; second++) {
            recording.point("rate", second, 10 * second);
        }

        assertThat(recording.mean("rate", 1, 3)).isEqualTo(15);
        assertThat(recording.most("rate")).isEqualTo(30);
    }
}
