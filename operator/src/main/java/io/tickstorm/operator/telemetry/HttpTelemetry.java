package io.tickstorm.operator.telemetry;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the port of metrics of each proxy. */
final class HttpTelemetry implements Telemetry {
    private static final Logger log = LoggerFactory.getLogger(HttpTelemetry.class);
    private static final int OK = 200;
    /** A proxy with 20 backends of 500 endpoints each says 50 MB; whoever says more is none of ours. */
    private static final long LONGEST = 64L << 20;

    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("telemetry-", 0).factory());
    private final HttpClient client;
    private final InstantSource clock;
    private final Duration timeout;

    HttpTelemetry(InstantSource clock, Duration timeout) {
        this.clock = clock;
        this.timeout = timeout;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(timeout)
                .executor(threads)
                .build();
    }

    @Override
    public FleetReport ask(List<ProxyAddress> proxies) {
        var at = clock.instant();
        var asked = new LinkedHashMap<ProxyAddress, CompletableFuture<ProxyReport>>();
        proxies.forEach(proxy -> asked.put(proxy, ask(proxy)));
        var reports = new ArrayList<ProxyReport>();
        var silent = new ArrayList<String>();
        asked.forEach((proxy, answer) -> {
            try {
                reports.add(answer.join());
            } catch (CompletionException e) {
                log.debug("{} does not answer", proxy, e.getCause());
                silent.add(proxy.pod());
            }
        });
        return new FleetReport(at, reports, silent);
    }

    @Override
    public void close() {
        client.shutdownNow();
        threads.shutdownNow();
    }

    private CompletableFuture<ProxyReport> ask(ProxyAddress proxy) {
        var host = proxy.ip().contains(":") ? "[" + proxy.ip() + "]" : proxy.ip();
        var request = HttpRequest.newBuilder(URI.create("http://" + host + ":" + proxy.port() + "/metrics"))
                .build();
        var sent = client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofString(), LONGEST));
        // The time is for the whole answer; that of a request of this client would end with its head.
        return sent.thenApply(response -> read(proxy, response))
                .orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS)
                .whenComplete((report, failure) -> sent.cancel(true));
    }

    private static ProxyReport read(ProxyAddress proxy, HttpResponse<String> response) {
        if (response.statusCode() != OK) {
            throw new CompletionException(new IOException("status " + response.statusCode() + " (expected: 200)"));
        }
        return ReportReader.read(proxy.pod(), response.body());
    }
}
