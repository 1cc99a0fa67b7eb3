package io.tickstorm.labs.stage;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Clients as browsers are: each asks at its own pace, one request after the other, and sends the cookie that it got last. */
public final class Visitors implements AutoCloseable {
    private final List<Thread> threads = new ArrayList<>();

    /** Begins; {@code everyMillis} has the pace of each. */
    public Visitors(int port, List<Double> everyMillis) throws InterruptedException {
        var uri = URI.create("http://" + Stage.LOOPBACK + ":" + port + "/");
        for (double pace : everyMillis) {
            threads.add(Thread.startVirtualThread(() -> visit(uri, Duration.ofNanos((long) (1e6 * pace)))));
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private static void visit(URI uri, Duration pace) {
        var cookie = "";
        try {
            for (long next = System.nanoTime(); ; next += pace.toNanos()) {
                TimeUnit.NANOSECONDS.sleep(Math.max(0, next - System.nanoTime()));
                cookie = ask(uri, cookie);
            }
        } catch (InterruptedException e) {
            // Has seen enough.
        } catch (IOException e) {
            if (!Thread.currentThread().isInterrupted()) {
                throw new IllegalStateException("a visitor was not served", e);
            }
        }
    }

    private static String ask(URI uri, String cookie) throws IOException {
        var request = (HttpURLConnection) uri.toURL().openConnection();
        if (!cookie.isEmpty()) {
            request.setRequestProperty("Cookie", cookie);
        }
        try (var answer = request.getInputStream()) {
            answer.readAllBytes();
        }
        var renewed = request.getHeaderField("Set-Cookie");
        return renewed == null ? cookie : renewed.split(";", 2)[0];
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
    }
}
