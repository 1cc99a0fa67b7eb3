package io.tickstorm.proxy.http;

import static io.tickstorm.proxy.http.RawServer.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.endpoint.EndpointSet;
import io.tickstorm.proxy.endpoint.FailureKind;
import io.tickstorm.proxy.listener.ListenerLimits;
import io.tickstorm.proxy.retry.RetrySettings;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A server dies with many safe requests in hand, and the budget pays for one retry at a time. */
class RetryBudgetTest {
    private static final RetrySettings ONE_AT_A_TIME = new RetrySettings(2, new RetrySettings.Budget(0, 1), 64 * 1024);

    /** As many as one a second pays for while it looks back, for time stands still. */
    private static final int REQUESTS = 10;

    private final AtomicInteger heldByDying = new AtomicInteger();
    private final CountDownLatch death = new CountDownLatch(1);
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final CountDownLatch healthyAnswers = new CountDownLatch(1);
    private final List<Wire> clients = new ArrayList<>();

    /** Takes requests, and resets them all when told to. */
    private final RawServer dying = RawServer.with(connection -> {
        connection.wire().message();
        heldByDying.incrementAndGet();
        await(death);
        connection.wire().reset();
    });

    /** Echoes bodies once told to, and counts how many requests it has at a time. */
    private final RawServer healthy = RawServer.answering(request -> {
        most.accumulateAndGet(running.incrementAndGet(), Math::max);
        await(healthyAnswers);
        running.decrementAndGet();
        return ok(request.body());
    });

    @AfterEach
    void close() {
        healthyAnswers.countDown();
        clients.forEach(Wire::close);
        dying.close();
        healthy.close();
    }

    @Test
    void retriesBeyondTheBudgetWaitAndAllAreServed() throws IOException {
        try (var balancer = Balancer.withStillTime(ONE_AT_A_TIME, Balancer.LIMITS, dying)) {
            dieWith(REQUESTS, balancer);
            assertThat(budgetRunning(balancer)).isOne();

            healthyAnswers.countDown();

            for (int i = 0; i < clients.size(); i++) {
                var answer = clients.get(i).message();
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.body()).isEqualTo(body(i));
            }
            assertThat(healthy.requests()).hasSize(REQUESTS);
            assertThat(most).hasValue(1);
            assertThat(balancer.counters().retries()).isEqualTo(REQUESTS);
            assertThat(balancer.counters().responses(5)).isZero();
            Balancer.await("the budget is paid back", () -> budgetRunning(balancer) == 0);
        }
    }

    @Test
    void aRetryThatIsNotPaidInTimeIsA502() throws IOException {
        try (var balancer = Balancer.withStillTime(ONE_AT_A_TIME, Balancer.LIMITS, dying)) {
            dieWith(3, balancer);

            balancer.time().advance(Balancer.LIMITS.connectTimeout());
            Balancer.await("both are given up", () -> balancer.counters().failures(FailureKind.RESET) == 2);
            healthyAnswers.countDown();

            assertThat(statuses()).containsExactlyInAnyOrder(200, 502, 502);
            assertThat(healthy.requests()).hasSize(1);
            assertThat(balancer.counters().retries()).isOne();
        }
    }

    @Test
    void theRequestDeadlineEndsTheWait() throws IOException {
        var limit = Balancer.LIMITS.connectTimeout().dividedBy(2);
        try (var balancer = Balancer.withStillTime(ONE_AT_A_TIME, withRequestTimeout(limit), dying)) {
            dieWith(3, balancer);

            balancer.time().advance(limit);

            assertThat(statuses()).containsExactly(504, 504, 504);
            Balancer.await("nothing runs on the budget", () -> budgetRunning(balancer) == 0);
        }
    }

    @Test
    void clientsThatLeaveWhileWaitingAreForgotten() throws IOException {
        try (var balancer = Balancer.withStillTime(ONE_AT_A_TIME, Balancer.LIMITS, dying)) {
            dieWith(3, balancer);

            var sent = clients.remove(bodies(3).indexOf(healthy.lastRequest().body()));
            clients.forEach(Wire::close);
            Balancer.await("they are gone", () -> balancer.counters().cancelled() == 2);
            healthyAnswers.countDown();

            assertThat(sent.message().status()).isEqualTo(200);
            balancer.backend().update(EndpointSet.of(healthy.endpoint()));
            sent.send("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nnext");
            assertThat(sent.message().body()).isEqualTo("next");
            sent.close();
            assertThat(healthy.requests()).hasSize(2);
            assertThat(balancer.counters().retries()).isOne();
            assertThat(budgetRunning(balancer)).isZero();
        }
    }

    /** So many requests are with the server that dies; then one of them is with the healthy one, and the others wait. */
    private void dieWith(int count, Balancer balancer) {
        for (int i = 0; i < count; i++) {
            var client = balancer.client();
            clients.add(client);
            client.send("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: " + body(i).length() + "\r\n\r\n" + body(i));
        }
        Balancer.await("the requests are in hand", () -> heldByDying.get() == count);
        balancer.backend().update(EndpointSet.of(dying.endpoint(), healthy.endpoint()));
        death.countDown();
        Balancer.await(
                "one is sent again, the others wait",
                () -> running.get() == 1 && balancer.counters().held() == count - 1);
    }

    private List<Integer> statuses() throws IOException {
        var statuses = new ArrayList<Integer>();
        for (var client : clients) {
            statuses.add(client.message().status());
        }
        return statuses;
    }

    private static int budgetRunning(Balancer balancer) {
        return balancer.backend().retries().budget().running();
    }

    private static List<String> bodies(int count) {
        return IntStream.range(0, count).mapToObj(RetryBudgetTest::body).toList();
    }

    private static String body(int number) {
        return "request " + number;
    }

    private static ListenerLimits.Http withRequestTimeout(Duration limit) {
        var limits = Balancer.LIMITS;
        return new ListenerLimits.Http(
                limits.maxConnections(),
                limits.idleTimeout(),
                limits.connectTimeout(),
                limits.headerTimeout(),
                limit,
                limits.responseTimeout(),
                limits.maxHeaderSize());
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
