package io.tickstorm.proxy.http;

import static io.tickstorm.proxy.http.RawServer.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.endpoint.EndpointSet;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An upstream takes requests and says nothing, as one that was stopped does; its connections stay open. */
class SilenceTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n";
    private static final int CLIENTS = 8;

    /** So many answers must be known before anything is unusual. */
    private static final int EXPERIENCE = 100;

    /** One second, and the looks that it takes to see it. */
    private static final Duration SILENCE = Duration.ofMillis(1500);

    private final AtomicBoolean hangs = new AtomicBoolean();
    private final CountDownLatch hangingGoesOn = new CountDownLatch(1);
    private final CountDownLatch wellGoesOn = new CountDownLatch(1);
    private final List<Wire> clients = new ArrayList<>();

    private final RawServer hanging = RawServer.answering(request -> {
        if (hangs.get()) {
            await(hangingGoesOn);
        }
        return ok("hung");
    });
    private final RawServer well = RawServer.answering(request -> {
        await(wellGoesOn);
        return ok("well");
    });

    @AfterEach
    void close() {
        hangingGoesOn.countDown();
        wellGoesOn.countDown();
        clients.forEach(Wire::close);
        hanging.close();
        well.close();
    }

    @Test
    void safeRequestsGoElsewhereAndUnsafeOnesWaitOn() throws IOException {
        wellGoesOn.countDown();
        try (var balancer = Balancer.with("{}").before(hanging)) {
            getExperience(balancer);
            hang(balancer, GET, CLIENTS);
            hang(balancer, POST, 1);
            balancer.backend().update(EndpointSet.of(hanging.endpoint(), well.endpoint()));

            balancer.time().advance(SILENCE);

            for (int i = 0; i < CLIENTS; i++) {
                assertThat(clients.get(i).message().body()).isEqualTo("well");
            }
            hangingGoesOn.countDown();
            assertThat(clients.getLast().message().body()).isEqualTo("hung");
            assertThat(well.requests()).hasSize(CLIENTS);
            assertThat(balancer.counters().retries()).isEqualTo(CLIENTS);
        }
    }

    /** The budget pays for one; the others have not let go of where they are. */
    @Test
    void whoWaitsForLeaveToGoElsewhereTakesTheAnswerThatComesFirst() throws IOException {
        try (var balancer =
                Balancer.with("retries: {budget: {percent: 0, minimum: 1}}").before(hanging)) {
            getExperience(balancer);
            hang(balancer, GET, CLIENTS);
            balancer.backend().update(EndpointSet.of(hanging.endpoint(), well.endpoint()));
            balancer.time().advance(SILENCE);
            Balancer.await(
                    "one has gone elsewhere, the others wait for it",
                    () -> well.requests().size() == 1 && balancer.backend().queued() == CLIENTS - 1);

            hangingGoesOn.countDown();
            Balancer.await(
                    "the others have their answers", () -> balancer.backend().queued() == 0);
            wellGoesOn.countDown();

            var bodies = new ArrayList<String>();
            for (var client : clients) {
                bodies.add(client.message().body());
            }
            assertThat(bodies).containsOnlyOnce("well");
            assertThat(bodies.stream().filter("hung"::equals)).hasSize(CLIENTS - 1);
            assertThat(balancer.counters().retries()).isOne();
        }
    }

    /** As long as it hangs: none of these waits until it goes on. */
    @Test
    void trafficGoesOnWhileOneHangs() throws Exception {
        wellGoesOn.countDown();
        try (var balancer = Balancer.with("{}").withRunningTime().before(hanging, well)) {
            getExperience(balancer);

            var seen = Crowd.send(balancer, CLIENTS, 50, number -> "/");

            assertThat(seen).extracting(Crowd.Seen::body).containsOnly("well");
            assertThat(seen).hasSize(CLIENTS * 50);
            assertThat(hanging.requests()).as("it was asked").hasSizeGreaterThan(EXPERIENCE / 4);
        }
    }

    @Test
    void theOnlyOneIsWaitedFor() throws IOException {
        try (var balancer = Balancer.with("{}").before(hanging)) {
            getExperience(balancer);
            hang(balancer, GET, 2);

            balancer.time().advance(SILENCE);
            hangingGoesOn.countDown();

            for (var client : clients) {
                assertThat(client.message().body()).isEqualTo("hung");
            }
        }
    }

    private void getExperience(Balancer balancer) throws IOException {
        try (var client = balancer.client()) {
            for (int i = 0; i < EXPERIENCE; i++) {
                client.send(GET);
                client.message();
            }
        }
        hangs.set(true);
    }

    private void hang(Balancer balancer, String request, int count) {
        int before = clients.size();
        for (int i = 0; i < count; i++) {
            var client = balancer.client();
            clients.add(client);
            client.send(request);
        }
        var upstream = balancer.backend().upstreams().getFirst();
        Balancer.await("their answers are awaited", () -> upstream.replies().awaited() == before + count);
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(Wire.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("not told to go on within " + Wire.PATIENCE);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
