package io.tickstorm.operator.reconcile;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.ReducedStateItemStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the Secrets that clusters name, each by its name, where the operator may; of the others nothing is known. What is in a Secret is never kept.
 *
 * <p>Passes over one cluster never overlap; those over several may.
 */
final class SecretWatch implements AutoCloseable {
    /** Rights that were given or taken are noticed after this time. */
    static final Duration ASK_AGAIN = Duration.ofMinutes(1);

    private static final Logger log = LoggerFactory.getLogger(SecretWatch.class);
    private static final List<String> VERBS = List.of("list", "watch");

    private final KubernetesClient client;
    private final InstantSource clock;
    private final Consumer<ClusterKey> changed;
    private final Map<ClusterKey, Map<String, Watched>> clusters = new ConcurrentHashMap<>();

    /** @param changed told when a Secret of a cluster has changed; must not block */
    SecretWatch(KubernetesClient client, InstantSource clock, Consumer<ClusterKey> changed) {
        this.client = client;
        this.clock = clock;
        this.changed = changed;
    }

    /**
     * What is known of the Secrets of these names, and watches them from now on instead of those before. Blocks while the API server is asked for rights.
     *
     * @return by name; without those that may not be watched, or have not been seen yet
     */
    Map<String, SecretState> see(ClusterKey key, Set<String> names) {
        var own = clusters.computeIfAbsent(key, absent -> new ConcurrentHashMap<>());
        own.forEach((name, watched) -> {
            if (!names.contains(name)) {
                own.remove(name);
                watched.end();
            }
        });
        var seen = new HashMap<String, SecretState>();
        for (var name : names) {
            var state =
                    own.computeIfAbsent(name, absent -> new Watched(key, name)).look(clock.instant());
            if (state != null) {
                seen.put(name, state);
            }
        }
        return seen;
    }

    /** The cluster is gone. */
    void forget(ClusterKey key) {
        var own = clusters.remove(key);
        if (own != null) {
            own.values().forEach(Watched::end);
        }
    }

    /** To be called when no pass runs any more. */
    @Override
    public void close() {
        clusters.keySet().forEach(this::forget);
    }

    /** One Secret of one cluster. All but {@code state} is of the passes. */
    private final class Watched implements ResourceEventHandler<Secret> {
        private final ClusterKey key;
        private final String name;
        private @Nullable Instant asked;
        private @Nullable SharedIndexInformer<Secret> informer;
        /** Null while it is not known; guarded by this, since it is told by the watch. */
        private @Nullable SecretState state;

        Watched(ClusterKey key, String name) {
            this.key = key;
            this.name = name;
        }

        @Nullable
        SecretState look(Instant now) {
            if (asked == null || !now.isBefore(asked.plus(ASK_AGAIN))) {
                asked = now;
                ask();
            }
            return state();
        }

        private void ask() {
            try {
                if (!VERBS.stream().allMatch(this::permitted)) {
                    end();
                } else if (informer == null) {
                    begin();
                }
            } catch (KubernetesClientException e) {
                log.debug("{}: whether Secret {} may be watched cannot be asked, taken to be as before", key, name, e);
            }
        }

        private boolean permitted(String verb) {
            var review = new SelfSubjectAccessReviewBuilder()
                    .withNewSpec()
                    .withNewResourceAttributes()
                    .withNamespace(key.namespace())
                    .withVerb(verb)
                    .withResource("secrets")
                    .withName(name)
                    .endResourceAttributes()
                    .endSpec()
                    .build();
            var status = client.authorization()
                    .v1()
                    .selfSubjectAccessReview()
                    .create(review)
                    .getStatus();
            return status != null && Boolean.TRUE.equals(status.getAllowed());
        }

        private void begin() {
            var started = client.secrets()
                    .inNamespace(key.namespace())
                    .withName(name)
                    .runnableInformer(0)
                    .itemStore(new ReducedStateItemStore<>(
                            ReducedStateItemStore.NAME_KEY_STATE,
                            Secret.class,
                            client.getKubernetesSerialization(),
                            "metadata.resourceVersion"))
                    .addEventHandler(this)
                    .exceptionHandler((begun, failure) -> {
                        log.warn("{}: watch of Secret {} failed, trying again: {}", key, name, failure.toString());
                        return true;
                    });
            informer = started;
            started.start().thenRun(() -> listed(started));
        }

        /** Of a Secret that is not there nobody tells. */
        private synchronized void listed(SharedIndexInformer<Secret> started) {
            if (state == null && started.getStore().listKeys().isEmpty()) {
                state = SecretState.ABSENT;
            }
            changed.accept(key);
        }

        private synchronized @Nullable SecretState state() {
            return state;
        }

        private synchronized void tell(@Nullable SecretState now) {
            state = now;
        }

        void end() {
            var ended = informer;
            if (ended != null) {
                ended.close();
                informer = null;
                tell(null);
            }
        }

        @Override
        public void onAdd(Secret secret) {
            seen(SecretState.of(secret));
        }

        @Override
        public void onUpdate(Secret before, Secret after) {
            seen(SecretState.of(after));
        }

        @Override
        public void onDelete(Secret secret, boolean unknown) {
            seen(SecretState.ABSENT);
        }

        private void seen(SecretState now) {
            tell(now);
            changed.accept(key);
        }
    }
}
