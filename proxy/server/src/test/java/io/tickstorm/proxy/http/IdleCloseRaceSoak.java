package io.tickstorm.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import io.tickstorm.proxy.http.IdleCloseRace.Plan;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code make soak}: as IdleCloseRaceTest, 20,000 POSTs for each idle timeout, one after the other; about seven minutes. */
class IdleCloseRaceSoak {
    @ParameterizedTest
    @CsvSource({"500, 500, 200, 100", "2000, 2000, 500, 40", "5000, 5000, 500, 40", "200, 5000, 500, 40"})
    void noPostIsLostOrDoneTwiceWhenTheServerClosesIdleConnections(int from, int to, int clients, int waves)
            throws Exception {
        assumeTrue(Epoll.isAvailable(), "the kernel is asked through epoll's socket only");

        var result = IdleCloseRace.run(new Plan(from, to, clients, waves));

        System.out.println(result);
        assertThat(result.failed()).as("%s", result).isEmpty();
        assertThat(result.undone()).as("%s", result).isZero();
        assertThat(result.doubled()).as("%s", result).isZero();
    }
}
