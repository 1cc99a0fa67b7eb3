package io.tickstorm.labs.stage;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Clients that keep a TCP connection, and open another when they lose it; or, now and then, of their own accord. */
public final class Callers implements AutoCloseable {
    private final int port;
    private final List<Thread> threads = new ArrayList<>();

    /** @param lifetime of a connection at most, half of it at least; zero: as long as it lasts */
    public Callers(int port, int count, Duration lifetime) throws InterruptedException {
        this.port = port;
        var random = new Random(20_261_121);
        for (int i = 0; i < count; i++) {
            long seed = random.nextLong();
            threads.add(Thread.startVirtualThread(() -> call(new Random(seed), lifetime.toMillis())));
            // One after the other, as people come.
            TimeUnit.MILLISECONDS.sleep(3);
        }
    }

    private void call(Random random, long lifetimeMillis) {
        while (!Thread.currentThread().isInterrupted()) {
            try (var socket = new Socket()) {
                socket.connect(new InetSocketAddress(Stage.LOOPBACK, port));
                int life = lifetimeMillis == 0
                        ? 0
                        : Math.toIntExact(lifetimeMillis / 2 + random.nextLong(lifetimeMillis / 2));
                socket.setSoTimeout(life);
                // Nothing is ever said: this ends with the connection, or when its time is over.
                socket.getInputStream().read();
            } catch (SocketTimeoutException e) {
                // A new one.
            } catch (IOException e) {
                pause(random);
            }
        }
    }

    private static void pause(Random random) {
        try {
            TimeUnit.MILLISECONDS.sleep(random.nextLong(200));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
    }
}
