package io.tickstorm.proxy.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeldPairsTest {
    /** Generous, for a page of bookkeeping and the leak detector's: a buffer that an idle session kept would be 64 KiB. */
    static final long MOST = 24 * 1024;

    @Test
    void idleSessionsKeepNoBuffers() throws Exception {
        var held = HeldPairs.hold(1_000);

        assertThat(held.heap()).as("%s", held).isLessThan(MOST);
        assertThat(held.direct()).as("%s", held).isLessThan(MOST);
    }
}
