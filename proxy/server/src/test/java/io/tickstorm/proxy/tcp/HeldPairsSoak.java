package io.tickstorm.proxy.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** {@code make soak}: as many sessions as 20,000 descriptors allow. */
class HeldPairsSoak {
    @Test
    void nineThousandSessionsAreHeldAtOnce() throws Exception {
        var held = HeldPairs.hold(9_000);

        System.out.println(held);
        assertThat(held.heap()).as("%s", held).isLessThan(HeldPairsTest.MOST);
        assertThat(held.direct()).as("%s", held).isLessThan(HeldPairsTest.MOST);
    }
}
