package io.tickstorm.proxy.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.sun.management.ThreadMXBean;
import io.tickstorm.proxy.admission.ClientLimits.Reason;
import io.tickstorm.proxy.listener.ClientSettings;
import io.tickstorm.proxy.listener.Rate;
import io.tickstorm.proxy.settings.AddressRange;
import io.tickstorm.proxy.time.ManualTime;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ClientLimitsTest {
    private static final long SEED = 20_261_121;
    private static final Client ANNA = client("192.0.2.1");
    private static final Client BERT = client("192.0.2.2");

    private final ManualTime time = new ManualTime();

    @Test
    void withoutLimitsEverybodyComesInAndIsCounted() {
        var limits = limits(ClientSettings.UNLIMITED);

        assertThat(limits.tryConnect(ANNA)).isTrue();
        assertThat(limits.tryConnect(ANNA)).isTrue();
        assertThat(limits.tryRequest(ANNA)).isZero();
        assertThat(limits.tryMessage(ANNA)).isZero();

        assertThat(limits.connections(ANNA)).isEqualTo(2);
        assertThat(limits.clients()).isOne();
    }

    @Test
    void aClientHasSoManyConnectionsAndNoMore() {
        var limits = limits(connections(2));

        assertThat(limits.tryConnect(ANNA)).isTrue();
        assertThat(limits.tryConnect(ANNA)).isTrue();
        assertThat(limits.tryConnect(ANNA)).isFalse();
        assertThat(limits.tryConnect(BERT)).isTrue();
        limits.disconnected(ANNA);
        assertThat(limits.tryConnect(ANNA)).isTrue();

        assertThat(limits.refused(Reason.CONNECTIONS)).isOne();
    }

    @Test
    void nothingIsKeptOfClientsThatHaveGone() {
        var limits = limits(connections(2));
        limits.tryConnect(ANNA);
        limits.tryConnect(BERT);

        limits.disconnected(ANNA);
        limits.disconnected(BERT);

        assertThat(limits.clients()).isZero();
        assertThatIllegalStateException().isThrownBy(() -> limits.disconnected(ANNA));
    }

    @Test
    void aRefusedConnectionHoldsNoPlaceAndCostsNoToken() {
        var limits = limits(new ClientSettings(1, new Rate(1, 2), Rate.UNLIMITED, Rate.UNLIMITED, 64, List.of()));
        limits.tryConnect(ANNA);

        assertThat(limits.tryConnect(ANNA)).as("its place is taken").isFalse();
        limits.disconnected(ANNA);
        assertThat(limits.tryConnect(ANNA))
                .as("the second token is still there")
                .isTrue();
        limits.disconnected(ANNA);
        assertThat(limits.tryConnect(ANNA)).as("no token left").isFalse();

        assertThat(limits.connections(ANNA)).isZero();
        assertThat(limits.refused(Reason.CONNECTIONS)).isOne();
        assertThat(limits.refused(Reason.CONNECTION_RATE)).isOne();
        time.advance(Duration.ofSeconds(1));
        assertThat(limits.tryConnect(ANNA)).isTrue();
    }

    @Test
    void requestsAndMessagesAreToldHowLongToWait() {
        var limits = limits(new ClientSettings(0, Rate.UNLIMITED, new Rate(2, 1), new Rate(4, 1), 64, List.of()));

        assertThat(limits.tryRequest(ANNA)).isZero();
        assertThat(limits.tryRequest(ANNA)).isEqualTo(Duration.ofMillis(500).toNanos());
        assertThat(limits.tryMessage(ANNA)).isZero();
        assertThat(limits.tryMessage(ANNA)).isEqualTo(Duration.ofMillis(250).toNanos());

        assertThat(limits.refused(Reason.REQUEST_RATE)).isOne();
        assertThat(limits.refused(Reason.MESSAGE_RATE)).isOne();
    }

    @Test
    void theAddressesOfOneSixtyFourAreOneClient() {
        var limits = limits(connections(1));

        assertThat(limits.tryConnect(client("2001:db8:1:2::1"))).isTrue();
        assertThat(limits.tryConnect(client("2001:db8:1:2:ffff::9"))).isFalse();
        assertThat(limits.tryConnect(client("2001:db8:1:3::1"))).isTrue();
        assertThat(limits.tryConnect(client("::1"))).isTrue();
    }

    @Test
    void exemptClientsAreCountedButNotLimited() {
        var range = Objects.requireNonNull(AddressRange.SYNTAX.parse().apply("192.0.2.1"));
        var limits = limits(new ClientSettings(1, new Rate(1, 1), new Rate(1, 1), new Rate(1, 1), 64, List.of(range)));

        for (int i = 0; i < 5; i++) {
            assertThat(limits.tryConnect(ANNA)).isTrue();
            assertThat(limits.tryRequest(ANNA)).isZero();
            assertThat(limits.tryMessage(ANNA)).isZero();
        }
        assertThat(limits.connections(ANNA)).isEqualTo(5);
        assertThat(limits.tryConnect(BERT)).isTrue();
        assertThat(limits.tryConnect(BERT)).isFalse();
    }

    @Test
    void aLimitThatComesLaterCountsWhatIsOpen() {
        var limits = limits(ClientSettings.UNLIMITED);
        limits.tryConnect(ANNA);
        limits.tryConnect(ANNA);

        limits.change(connections(2));

        assertThat(limits.tryConnect(ANNA)).isFalse();
        limits.disconnected(ANNA);
        assertThat(limits.tryConnect(ANNA)).isTrue();
    }

    @Test
    void aChangeOfSettingsGivesNobodyANewBucket() {
        var settings = new ClientSettings(0, new Rate(1, 1), Rate.UNLIMITED, Rate.UNLIMITED, 64, List.of());
        var limits = limits(settings);
        limits.tryConnect(ANNA);

        limits.change(new ClientSettings(9, new Rate(1, 1), new Rate(1, 1), Rate.UNLIMITED, 64, List.of()));

        assertThat(limits.tryConnect(ANNA)).isFalse();
        assertThat(limits.tryRequest(ANNA)).isZero();
        assertThat(limits.tryRequest(ANNA)).isPositive();
    }

    @Test
    void manyThreadsNeverHaveOneConnectionTooMany() throws InterruptedException {
        var limits = limits(connections(2));
        var inside = new AtomicInteger();
        var most = new AtomicInteger();
        var threads = new Thread[4];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = Thread.ofPlatform().start(() -> {
                for (int turn = 0; turn < 20_000; turn++) {
                    if (limits.tryConnect(ANNA)) {
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        inside.decrementAndGet();
                        limits.disconnected(ANNA);
                    }
                }
            });
        }
        for (var thread : threads) {
            thread.join();
        }

        assertThat(most.get()).isBetween(1, 2);
        assertThat(limits.clients()).isZero();
    }

    @Test
    void aHundredThousandAddressesLeaveNothingBehindButTheirBuckets() throws Exception {
        var limits = limits(new ClientSettings(1, new Rate(1, 1), new Rate(1, 1), Rate.UNLIMITED, 65_536, List.of()));
        for (int client = 0; client < 100_000; client++) {
            var address = Client.of(InetAddress.getByAddress(bytes(client % 2 == 0 ? 4 : 16, client)));
            assertThat(limits.tryConnect(address))
                    .as("client %d, seed %d", client, SEED)
                    .isTrue();
            assertThat(limits.tryRequest(address))
                    .as("client %d, seed %d", client, SEED)
                    .isZero();
            limits.disconnected(address);
            // A bucket fills in a second: of a hundred thousand, ten thousand are not full.
            time.advance(Duration.ofNanos(100_000));
        }

        assertThat(limits.clients()).isZero();
    }

    /** An address of so many bytes, of a client of this number. */
    private static byte[] bytes(int count, int number) {
        var bytes = new byte[count];
        bytes[0] = 0x20;
        ByteBuffer.wrap(bytes).putShort(1, (short) (number >> 8)).put(3, (byte) number);
        return bytes;
    }

    @Test
    void nothingIsAllocatedForARequestOrMessage() {
        var limits =
                limits(new ClientSettings(0, Rate.UNLIMITED, new Rate(1, 1_000_000), new Rate(1, 10), 64, List.of()));
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        var six = client("2001:db8::1");
        int tries = 50_000;
        ask(limits, six, tries);

        long before = threads.getCurrentThreadAllocatedBytes();
        ask(limits, six, tries);
        long bytes = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat((double) bytes / tries).isLessThan(0.1);
    }

    private static void ask(ClientLimits limits, Client six, int tries) {
        for (int i = 0; i < tries; i++) {
            limits.tryRequest(ANNA);
            limits.tryRequest(six);
            limits.tryMessage(BERT);
        }
    }

    private static Client client(String address) {
        return Client.of(InetAddress.ofLiteral(address));
    }

    private static ClientSettings connections(int max) {
        return new ClientSettings(max, Rate.UNLIMITED, Rate.UNLIMITED, Rate.UNLIMITED, 64, List.of());
    }

    private ClientLimits limits(ClientSettings settings) {
        return new ClientLimits(settings, time, new SplittableRandom(SEED));
    }
}
