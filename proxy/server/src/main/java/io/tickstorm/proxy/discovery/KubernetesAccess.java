package io.tickstorm.proxy.discovery;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.concurrent.Executors;

/** How the API server is reached: the service account of the pod, else the kubeconfig of the environment. */
public final class KubernetesAccess {
    /** An answer that takes longer counts as none; the next attempt comes soon enough. */
    private static final int TIMEOUT_MILLIS = 3_000;

    /** The callers try again by themselves; ten hidden retries (the default) would keep a failure from them for 20 s. */
    private static final int HIDDEN_RETRIES = 0;

    private KubernetesAccess() {}

    /** A client by the environment. Reads files and so blocks for milliseconds; connects only when it is used. */
    public static KubernetesClient client() {
        return client(Config.autoConfigure(null));
    }

    static KubernetesClient client(Config config) {
        config.setConnectionTimeout(TIMEOUT_MILLIS);
        config.setRequestTimeout(TIMEOUT_MILLIS);
        config.setRequestRetryBackoffLimit(HIDDEN_RETRIES);
        // A request of HTTP/1.1 that times out on a half-open connection closes it; the JDK would use one of HTTP/2
        // again.
        config.setHttp2Disable(true);
        // Types are not searched for; without this one a watch does not understand that its version has expired (410).
        var serialization = new KubernetesSerialization(new ObjectMapper(), false);
        serialization.registerKubernetesResource(Status.class);
        return new KubernetesClientBuilder()
                .withConfig(config)
                // What the builder would otherwise look for on the whole class path.
                .withHttpClientFactory(new JdkHttpClientFactory())
                .withKubernetesSerialization(serialization)
                .withTaskExecutorSupplier(Executors::newVirtualThreadPerTaskExecutor)
                .build();
    }
}
