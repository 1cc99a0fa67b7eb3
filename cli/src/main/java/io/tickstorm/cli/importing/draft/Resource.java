package io.tickstorm.cli.importing.draft;

import io.tickstorm.operator.crd.TickStormCluster;
import java.nio.file.Path;
import java.util.List;

/**
 * The shape of a resource: the same words under {@code spec.loadBalancer}, Secrets in place of files, and no addresses, which
 * the operator decides. There are no servers of the operator's own.
 */
final class Resource {
    private static final List<Integer> PROXY_PORTS = List.of(8081, 8404, 9090);
    private static final int ASIDE = 10_000;

    private Resource() {}

    static Settings of(Site site, String name) {
        var whole = site.whole();
        var resource = new Settings("");
        resource.put("apiVersion", TickStormCluster.API_VERSION);
        resource.put("kind", TickStormCluster.KIND);
        resource.put("metadata.name", name);
        resource.put("spec.backend.replicas", 0);
        var balancer = resource.section("spec").section("loadBalancer");
        whole.items("listeners").forEach(listener -> {
            balancer.add("listeners", listener(listener, site));
        });
        whole.items("backends").forEach(backend -> balancer.add("backends", backend(backend, name)));
        site.process().drop("zone", Verdict.UNNEEDED, "the nodes of a cluster say their zone");
        site.process()
                .section("accessLog")
                .drop("path", Verdict.DIFFERS, "the access log goes to the pod's standard output");
        site.process().copyWith(balancer);
        return resource;
    }

    private static Settings listener(Settings listener, Site site) {
        if (listener.value("address").isPresent()) {
            listener.drop("address", Verdict.DIFFERS, "");
            site.entrances().stream()
                    .filter(entrance -> entrance.settings() == listener)
                    .forEach(entrance ->
                            entrance.said().tell(Verdict.DIFFERS, "on all addresses of the pods", listener.place()));
        }
        site.entrances().stream()
                .filter(entrance -> entrance.settings() == listener && PROXY_PORTS.contains(entrance.port()))
                .forEach(entrance -> listener.put(
                        "port",
                        entrance.port() + ASIDE,
                        entrance.said(),
                        "the pods have " + entrance.port() + " for their own"));
        if (listener.value("tls").isPresent()) {
            var tls = listener.section("tls");
            tls.items("certificates").forEach(certificate -> {
                var secret = secret(certificate, "certificateFile", "certificate");
                certificate.drop("keyFile", Verdict.DIFFERS, "in the Secret " + secret);
                certificate.replace(
                        "certificateFile",
                        "secret",
                        secret,
                        "a Secret of type kubernetes.io/tls to be made of the files");
            });
            if (tls.value("clientCaFile").isPresent()) {
                tls.replace(
                        "clientCaFile",
                        "clientCaSecret.name",
                        secret(tls, "clientCaFile", "client-ca"),
                        "a Secret with the file as ca.crt");
            }
        }
        return listener;
    }

    private static Settings backend(Settings backend, String cluster) {
        if (backend.value("stickiness.secretFile").isPresent()) {
            backend.section("stickiness")
                    .replace("secretFile", "secret.name", cluster + "-stickiness", "a Secret with a key named secret");
        }
        if (backend.value("tls.caFile").isPresent()) {
            var tls = backend.section("tls");
            tls.replace("caFile", "caSecret.name", secret(tls, "caFile", "ca"), "a Secret with the file as ca.crt");
        }
        if (backend.value("tls.certificateFile").isPresent()) {
            var tls = backend.section("tls");
            var secret = secret(tls, "certificateFile", "certificate");
            tls.drop("keyFile", Verdict.DIFFERS, "in the Secret " + secret);
            tls.replace(
                    "certificateFile",
                    "certificateSecret",
                    secret,
                    "a Secret of type kubernetes.io/tls to be made of the files");
        }
        return backend;
    }

    /** What a Secret that holds a file is called. */
    private static String secret(Settings settings, String key, String otherwise) {
        var file = Path.of(settings.value(key).map(String::valueOf).orElse(otherwise))
                .getFileName();
        return Names.plain(file == null ? otherwise : file.toString().replaceAll("\\.[A-Za-z0-9]+$", ""), otherwise);
    }
}
