package io.tickstorm.e2e;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.LogWatch;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * Which POSTs the backends served, and how often each: it follows the log of every backend pod, where they write the id of each
 * POST ({@code LOG_POSTS=true}). Logs outlive what a pod remembers, so a POST that a dying pod served is not forgotten.
 */
final class PostRecord implements AutoCloseable {
    private static final String PREFIX = "post ";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final KubernetesClient client;
    private final Map<String, AtomicInteger> served = new ConcurrentHashMap<>();
    private final Map<String, LogWatch> followed = new ConcurrentHashMap<>();
    private final SharedIndexInformer<Pod> pods;

    PostRecord(KubernetesClient client, String namespace, Map<String, String> labels) {
        this.client = client;
        this.pods = client.pods().inNamespace(namespace).withLabels(labels).inform(new ResourceEventHandler<>() {
            @Override
            public void onAdd(Pod pod) {
                follow(pod);
            }

            @Override
            public void onUpdate(Pod before, Pod pod) {
                follow(pod);
            }

            @Override
            public void onDelete(Pod pod, boolean finalStateUnknown) {
                // its log is read to the end
            }
        });
    }

    /**
     * How many of the ids that begin with {@code run} were served; waits a while for as many as expected, for logs come later than
     * answers.
     */
    synchronized long served(String run, long expected) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        for (long left = PATIENCE.toNanos(); served(run) < expected && left > 0; left = end - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return served(run);
    }

    private synchronized void served() {
        notifyAll();
    }

    private long served(String run) {
        return served.keySet().stream().filter(id -> id.startsWith(run)).count();
    }

    /** Ids that were served more than once, with how often. */
    Map<String, Integer> repeated() {
        return served.entrySet().stream()
                .filter(entry -> entry.getValue().get() > 1)
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().get()));
    }

    @Override
    public void close() {
        pods.close();
        followed.values().forEach(LogWatch::close);
    }

    private void follow(Pod pod) {
        if ("Running".equals(pod.getStatus().getPhase())) {
            followed.computeIfAbsent(pod.getMetadata().getUid(), uid -> read(pod));
        }
    }

    private LogWatch read(Pod pod) {
        var log = client.pods().resource(pod).watchLog();
        Thread.ofVirtual().name("log of " + pod.getMetadata().getName()).start(() -> {
            try (var lines = new BufferedReader(new InputStreamReader(log.getOutput(), StandardCharsets.UTF_8))) {
                for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith(PREFIX)) {
                        served.computeIfAbsent(line.substring(PREFIX.length()), id -> new AtomicInteger())
                                .incrementAndGet();
                        served();
                    }
                }
            } catch (IOException closed) {
                // the end of the test, or of the pod: what was written before has been read
            }
        });
        return log;
    }
}
