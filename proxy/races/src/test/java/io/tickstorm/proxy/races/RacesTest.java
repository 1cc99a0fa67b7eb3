package io.tickstorm.proxy.races;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

class RacesTest {
    /** Looks, and then takes. */
    public static class Careless {
        private final AtomicInteger open = new AtomicInteger();

        @Operation
        public boolean acquire() {
            return open.get() < 1 && open.incrementAndGet() > 0;
        }

        @Operation
        public int open() {
            return open.get();
        }
    }

    @Test
    void aRaceThatIsThereIsFound() {
        assertThatThrownBy(() -> Races.check(Careless.class)).isInstanceOf(LincheckAssertionError.class);
    }
}
