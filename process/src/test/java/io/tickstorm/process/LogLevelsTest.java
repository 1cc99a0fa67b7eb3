package io.tickstorm.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

class LogLevelsTest {
    private final LogLevels levels = new LogLevels();

    @AfterEach
    void asItWas() {
        levels.set("test.noisy", Level.INFO);
        levels.set(LogLevels.ROOT, Level.INFO);
    }

    @Test
    void aLoggerThatIsThereFollows() {
        var logger = LoggerFactory.getLogger("test.noisy.One");
        assertThat(logger.isDebugEnabled()).isFalse();

        levels.set("test.noisy", Level.DEBUG);

        assertThat(logger.isDebugEnabled()).isTrue();
        assertThat(LoggerFactory.getLogger("test.noisyneighbour").isDebugEnabled())
                .isFalse();
    }

    @Test
    void aLoggerThatComesLaterFollows() {
        levels.set("test.noisy", Level.WARN);

        assertThat(LoggerFactory.getLogger("test.noisy.Late").isInfoEnabled()).isFalse();
    }

    @Test
    void theRootHoldsForAllThatHaveNoLevelOfTheirOwn() {
        levels.set("test.noisy", Level.ERROR);
        levels.set(LogLevels.ROOT, Level.TRACE);

        assertThat(LoggerFactory.getLogger("test.noisy.One").isWarnEnabled()).isFalse();
        assertThat(LoggerFactory.getLogger("test.other").isTraceEnabled()).isTrue();
        assertThat(levels.levels()).containsEntry("root", Level.TRACE).containsEntry("test.noisy", Level.ERROR);
    }
}
