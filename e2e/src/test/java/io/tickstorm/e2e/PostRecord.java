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
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Which POSTs the backends served, and how often each: it follows the log of every container, where they write the id of each POST
 * ({@code LOG_POSTS=true}). Logs outlive what a pod remembers, so a POST that a dying pod served is not forgotten. A log that could
 * not be followed to the end, for the node or the API server did not answer, is read again from its beginning.
 */
final class PostRecord implements AutoCloseable {
    private static final String PREFIX = "post ";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

    private final KubernetesClient client;
    private final SharedIndexInformer<Pod> pods;

    /** By the container's id; guarded by this. */
    private final Map<String, Log> logs = new HashMap<>();

    /** @param selector of the backends' pods */
    PostRecord(KubernetesClient client, String namespace, String selector) {
        this.client = client;
        this.pods = client.pods()
                .inNamespace(namespace)
                .withLabelSelector(selector)
                .inform(new ResourceEventHandler<>() {
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
            pods.getStore().list().forEach(this::follow);
            TimeUnit.NANOSECONDS.timedWait(this, Math.min(left, LOOK_AGAIN.toNanos()));
        }
        return served(run);
    }

    private long served(String run) {
        return total().keySet().stream().filter(id -> id.startsWith(run)).count();
    }

    /** Ids that were served more than once, with how often. */
    Map<String, Integer> repeated() {
        return total().entrySet().stream()
                .filter(entry -> entry.getValue() > 1)
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private synchronized Map<String, Integer> total() {
        var total = new HashMap<String, Integer>();
        for (var log : logs.values()) {
            log.served().forEach((id, times) -> total.merge(id, times, Integer::sum));
        }
        return total;
    }

    @Override
    public synchronized void close() {
        pods.close();
        logs.values().forEach(log -> log.watch.close());
    }

    private synchronized void follow(Pod pod) {
        for (var container : pod.getStatus().getContainerStatuses()) {
            var id = container.getContainerID();
            if (id == null || container.getState().getRunning() == null) {
                continue;
            }
            var before = logs.get(id);
            if (before == null) {
                logs.put(id, read(pod, Map.of()));
            } else if (before.ended) {
                logs.put(id, read(pod, before.served()));
            }
        }
    }

    private Log read(Pod pod, Map<String, Integer> known) {
        var log = new Log(client.pods().resource(pod).watchLog(), known);
        Thread.ofVirtual().name("log of " + pod.getMetadata().getName()).start(() -> {
            try (var lines = new BufferedReader(new InputStreamReader(log.watch.getOutput(), StandardCharsets.UTF_8))) {
                for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith(PREFIX)) {
                        log.read.merge(line.substring(PREFIX.length()), 1, Integer::sum);
                    }
                }
            } catch (IOException closed) {
                // the end of the test, of the pod, or of a connection: what was written before has been read
            } finally {
                log.ended = true;
            }
        });
        return log;
    }

    /** What was read of one container's log. */
    private static final class Log {
        private final LogWatch watch;
        private final Map<String, Integer> known;
        private final Map<String, Integer> read = new ConcurrentHashMap<>();
        private volatile boolean ended;

        /** @param known what an earlier reading found, from the beginning as well */
        private Log(LogWatch watch, Map<String, Integer> known) {
            this.watch = watch;
            this.known = known;
        }

        private Map<String, Integer> served() {
            var served = new HashMap<>(known);
            read.forEach((id, times) -> served.merge(id, times, Math::max));
            return served;
        }
    }
}
