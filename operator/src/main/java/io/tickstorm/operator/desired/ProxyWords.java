package io.tickstorm.operator.desired;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which of the proxy's words the resource has, and what becomes of those that it has not. All others of the proxy's reader are the user's, with the same names in the
 * same places.
 */
public final class ProxyWords {
    /** What a backend is told, and {@code spec.loadBalancer} says for all ports of {@code spec.backend}. */
    public static final List<String> OF_BACKENDS = List.of(
            "balancing",
            "healthCheck",
            "retries",
            "circuitBreaker",
            "outlierEjection",
            "limits",
            "stickiness",
            "protocol",
            "tls",
            "proxyProtocol");

    /** What a listener is told, beside its name, protocol and port. */
    public static final List<String> OF_LISTENERS = List.of(
            "backend",
            "backends",
            "routes",
            "maxConnections",
            "idleTimeout",
            "connectTimeout",
            "splice",
            "headerTimeout",
            "requestTimeout",
            "responseTimeout",
            "maxHeaderSize",
            "maxConnectionRate",
            "maxConnectionBurst",
            "clients",
            "tls",
            "proxyProtocol",
            "http2",
            "forwarded",
            "keepAlive",
            "compression");

    /** What a proxy is told of itself, beside its drain. */
    public static final List<String> OF_THE_PROCESS = List.of("accessLog", "admin", "metrics", "workers");

    private static final String A_SECRET = "given (expected: a Secret instead, as ";
    private static final String OPERATORS = "given (expected: nothing, ";

    private ProxyWords() {}

    /**
     * The words that are not the user's, as {@code listeners[].address}, with what to tell one who writes them: where they listen, what they are scraped at and where
     * their files are is the operator's business.
     */
    public static Map<String, String> notInTheResource() {
        var words = new LinkedHashMap<String, String>();
        words.put("listeners[].address", OPERATORS + "proxies listen on all addresses of their pod)");
        words.put("listeners[].tls.certificates[].certificateFile", A_SECRET + "certificates: [{secret: NAME}])");
        words.put("listeners[].tls.certificates[].keyFile", A_SECRET + "certificates: [{secret: NAME}])");
        words.put("listeners[].tls.clientCaFile", A_SECRET + "clientCaSecret: {name: NAME})");
        words.put(
                "backends[].discovery.file",
                OPERATORS + "pods of proxies have no such file; static says fixed addresses)");
        words.put("backends[].discovery.file.path", OPERATORS + "pods of proxies have no such file)");
        words.put("backends[].discovery.file.port", OPERATORS + "pods of proxies have no such file)");
        words.put(
                "backends[].discovery.kubernetes.namespace",
                OPERATORS + "proxies may see the Services of their own namespace only)");
        words.put("backends[].stickiness.secretFile", A_SECRET + "secret: {name: NAME})");
        words.put("backends[].tls.caFile", A_SECRET + "caSecret: {name: NAME})");
        words.put("backends[].tls.certificateFile", A_SECRET + "certificateSecret: NAME)");
        words.put("backends[].tls.keyFile", A_SECRET + "certificateSecret: NAME)");
        words.put("health", OPERATORS + "probes are answered on port 8081)");
        words.put("health.address", OPERATORS + "probes are answered on all addresses of the pod)");
        words.put("health.port", OPERATORS + "probes are answered on port 8081)");
        words.put("admin.address", OPERATORS + "it is loopback, to be reached by kubectl port-forward)");
        words.put("admin.port", OPERATORS + "it is 8404)");
        words.put("admin.tokenFile", A_SECRET + "tokenSecret: {name: NAME})");
        words.put("metrics.address", OPERATORS + "metrics are served on all addresses of the pod)");
        words.put("metrics.port", OPERATORS + "it is 9090)");
        words.put("accessLog.path", OPERATORS + "a pod's log is its standard output)");
        words.put("zone", OPERATORS + "each pod has the zone of its node)");
        return words;
    }
}
