package io.tickstorm.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** {@code make soak}: a hundred thousand client addresses over real sockets; about three minutes. */
class ManyClientsSoak {
    @Test
    void aHundredThousandAddressesAreHeldToTheirLimits() throws Exception {
        long began = System.nanoTime();

        var result = ManyClients.run(100_000);

        System.out.println(result + " in " + (System.nanoTime() - began) / 1_000_000_000 + " s");
        assertThat(result).isEqualTo(ManyClients.Result.exact(100_000));
    }
}
