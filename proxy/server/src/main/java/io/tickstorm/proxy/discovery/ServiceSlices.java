package io.tickstorm.proxy.discovery;

import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.List;
import java.util.function.Consumer;

/** The EndpointSlices of one service, at an API server. */
record ServiceSlices(KubernetesClient client, String namespace, String service) {
    private static final String SERVICE_LABEL = "kubernetes.io/service-name";

    /**
     * With a limit an informer's list is the newest that there is; without it the server may answer from a cache, so that a
     * new watch would begin by going back in time.
     */
    private static final long PAGE = 500;

    /** Asks for all; blocks for as long as the client's timeouts allow. The newest that there is, not a cached one. */
    List<EndpointSlice> list() {
        return selected().list().getItems();
    }

    /** A watch that is not started yet. */
    SliceWatch watch(Consumer<SliceWatch> onChange) {
        return new SliceWatch(selected().withLimit(PAGE).runnableInformer(0), service, onChange);
    }

    private FilterWatchListDeletable<EndpointSlice, EndpointSliceList, Resource<EndpointSlice>> selected() {
        return client.discovery().v1().endpointSlices().inNamespace(namespace).withLabel(SERVICE_LABEL, service);
    }
}
