package io.tickstorm.operator.desired;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.tickstorm.operator.crd.ClusterSpec;
import io.tickstorm.operator.crd.ListenerSpec;
import io.tickstorm.proxy.listener.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the proxies of a cluster listen on, with the defaults that hang on the backend's ports. */
public final class Listeners {
    /** Where HTTP answers on every node unless the resource says otherwise. */
    public static final int HTTP_NODE_PORT = 30081;

    /** Where the backend port tcp answers on every node unless the resource says otherwise. */
    public static final int TCP_NODE_PORT = 30080;

    private static final int HTTP_PORT = 8080;
    // 8081 is the proxy's own
    private static final int TCP_PORT = 8090;

    private Listeners() {}

    /** The listeners that the resource names; if it names none, HTTP to the port http or to the only port, and TCP to the port tcp. */
    public static List<ListenerSpec> of(ClusterSpec spec) {
        var named = spec.loadBalancer().listeners();
        if (!named.isEmpty()) {
            return named;
        }
        var ports = spec.backend().ports();
        var listeners = new ArrayList<ListenerSpec>();
        if (ports.containsKey("http")) {
            listeners.add(ListenerSpec.of("http", Protocol.HTTP, HTTP_PORT, HTTP_NODE_PORT, "http"));
        }
        if (ports.containsKey("tcp")) {
            listeners.add(ListenerSpec.of("tcp", Protocol.TCP, TCP_PORT, TCP_NODE_PORT, "tcp"));
        }
        if (listeners.isEmpty() && ports.size() == 1) {
            var only = ports.keySet().iterator().next();
            listeners.add(ListenerSpec.of("http", Protocol.HTTP, HTTP_PORT, HTTP_NODE_PORT, only));
        }
        return List.copyOf(listeners);
    }

    /** The name of the backend port that a listener sends its traffic to; null if the backend has no such port. */
    public static @Nullable String backendPort(ListenerSpec listener, Map<String, Integer> ports) {
        var wanted = listener.backendPort();
        if (wanted != null) {
            return portName(wanted, ports);
        }
        if (ports.containsKey(listener.name())) {
            return listener.name();
        }
        return ports.size() == 1 ? ports.keySet().iterator().next() : null;
    }

    /** The name of a port that is given by name or by number; null if there is none. */
    static @Nullable String portName(IntOrString wanted, Map<String, Integer> ports) {
        var name = wanted.getStrVal();
        if (name != null) {
            return ports.containsKey(name) ? name : null;
        }
        return ports.entrySet().stream()
                .filter(port -> port.getValue().equals(wanted.getIntVal()))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
    }

    /** As {@link #backendPort}, of a cluster that has been judged. */
    static String judgedBackendPort(ListenerSpec listener, Map<String, Integer> ports) {
        var name = backendPort(listener, ports);
        if (name == null) {
            throw new IllegalArgumentException(
                    "listener " + listener.name() + " has no backend port (expected: a cluster without problems)");
        }
        return name;
    }
}
