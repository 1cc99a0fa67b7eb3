package io.tickstorm.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.backend.BackendEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * A server hangs: its process is stopped, so that its kernel still accepts connections and requests, and nothing answers.
 * Nothing here looks at a clock: whatever is answered is answered before the process is let go on.
 */
class StoppedServerTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private static final int CLIENTS = 8;
    /** Enough to know how long answers take. */
    private static final int WARM_UP = 200;
    // Out for a second at a time, so that it is tried again, and found silent again, while it is stopped.
    private static final String SETTINGS = "outlierEjection: {baseTime: 1s, maxTime: 1s}";

    @Test
    void everyGetThatIsSentWhileAServerHangsIsAnsweredByAnother() throws Exception {
        try (var hanging = ServerProcess.saying("hangs");
                var first = RawServer.saying("first");
                var second = RawServer.saying("second");
                var balancer = Balancer.with(SETTINGS)
                        .withRunningTime()
                        .before(hanging.endpoint("hangs"), first.endpoint(), second.endpoint())) {
            var ejections = new AtomicInteger();
            balancer.backend().onEvent(event -> {
                if (event instanceof BackendEvent.Ejected) {
                    ejections.incrementAndGet();
                }
            });
            assertThat(answers(balancer, WARM_UP)).contains("200 hangs", "200 first", "200 second");

            hanging.stop();
            // The second time is the request by which it was to come back.
            var answers = load(
                    () -> {
                        var got = new ArrayList<String>();
                        while (ejections.get() < 2) {
                            got.addAll(answers(balancer, 10));
                        }
                        return got;
                    },
                    CLIENTS);

            assertThat(answers)
                    .isNotEmpty()
                    .allMatch(answer -> answer.equals("200 first") || answer.equals("200 second"));
            var upstream = balancer.backend().upstreams().getFirst();
            assertThat(upstream.inFlight()).as("attempts that nobody gave up").isZero();

            hanging.goOn();
            Balancer.await("it is back", () -> answers(balancer, 1).contains("200 hangs"));
        }
    }

    private static List<String> load(Callable<List<String>> client, int clients) throws Exception {
        var all = new ArrayList<String>();
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<List<String>>>();
            for (int i = 0; i < clients; i++) {
                running.add(pool.submit(client));
            }
            for (var each : running) {
                all.addAll(each.get(1, TimeUnit.MINUTES));
            }
        }
        return all;
    }

    /** One after the other, on one connection. */
    private static List<String> answers(Balancer balancer, int count) {
        var answers = new ArrayList<String>();
        try (var client = balancer.client()) {
            for (int i = 0; i < count; i++) {
                client.send(GET);
                var answer = client.message();
                answers.add(answer.status() + " " + answer.body());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return answers;
    }
}
