package io.tickstorm.proxy.listener;

import io.tickstorm.proxy.settings.Section;
import io.tickstorm.proxy.settings.Syntax;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One place where clients come in.
 *
 * @param name unique among the listeners
 * @param address the local address; {@value #ANY_ADDRESS} = all of them
 * @param port 0..65535; 0 = any free one
 * @param backends who gets what no route takes; empty = nobody, then there are routes
 * @param limits those of its protocol
 * @param accepting new connections, of all clients together
 * @param clients what one client may ask of it
 * @param tls null = plain
 * @param proxyProtocol who says, before anything else, which client a connection is from; null = nobody
 * @param http2 null for TCP
 * @param forwarded who is believed on where requests come from; the default for TCP, which has none of it
 * @param routes who gets what, by its conditions
 * @param keepAlive how peers that are gone without a word are found out
 * @param compression of answers, HTTP only; null = they go as they come
 */
public record ListenerSettings(
        String name,
        String address,
        int port,
        List<BackendShare> backends,
        ListenerLimits limits,
        Rate accepting,
        ClientSettings clients,
        @Nullable TlsSettings tls,
        @Nullable ProxyProtocolSettings proxyProtocol,
        @Nullable Http2Settings http2,
        ForwardedSettings forwarded,
        List<RouteSettings> routes,
        KeepAliveSettings keepAlive,
        @Nullable CompressionSettings compression) {
    public static final String ANY_ADDRESS = "0.0.0.0";

    public ListenerSettings {
        backends = List.copyOf(backends);
        routes = List.copyOf(routes);
    }

    /** All to one backend, without limits of rates and of single clients. */
    public ListenerSettings(String name, String address, int port, String backend, ListenerLimits limits) {
        this(
                name,
                address,
                port,
                List.of(new BackendShare(backend, 1)),
                limits,
                Rate.UNLIMITED,
                ClientSettings.UNLIMITED,
                null,
                null,
                limits instanceof ListenerLimits.Http ? Http2Settings.DEFAULT : null,
                ForwardedSettings.DEFAULT,
                List.of(),
                KeepAliveSettings.DEFAULT,
                null);
    }

    public static ListenerSettings read(Section section) {
        var protocol = section.enumeration("protocol", Protocol.HTTP);
        var routes = RouteSettings.readAll(section, protocol);
        return new ListenerSettings(
                section.text("name", Syntax.name()),
                section.text("address", Syntax.host(), ANY_ADDRESS),
                section.integer("port", 0, 65535),
                routes.isEmpty() ? BackendShare.read(section) : BackendShare.readOptional(section),
                ListenerLimits.read(section, protocol),
                Rate.read(section, "maxConnection"),
                section.section("clients", clients -> ClientSettings.read(clients, protocol)),
                section.optionalSection("tls", TlsSettings::read),
                section.optionalSection("proxyProtocol", ProxyProtocolSettings::read),
                http2(section, protocol),
                ForwardedSettings.read(section, protocol),
                routes,
                section.section("keepAlive", KeepAliveSettings::read),
                compression(section, protocol));
    }

    private static @Nullable CompressionSettings compression(Section section, Protocol protocol) {
        if (protocol == Protocol.TCP) {
            section.refuse("compression", "has no meaning for TCP (expected: nothing, or protocol: HTTP)");
            return null;
        }
        return section.optionalSection("compression", CompressionSettings::read);
    }

    /** Whom it needs: those of its routes, too. */
    public Stream<BackendShare> allBackends() {
        return Stream.concat(backends.stream(), routes.stream().flatMap(route -> route.backends().stream()));
    }

    private static @Nullable Http2Settings http2(Section section, Protocol protocol) {
        return switch (protocol) {
            case HTTP -> section.section("http2", Http2Settings::read);
            case TCP -> {
                section.refuse("http2", "has no meaning for TCP (expected: nothing, or protocol: HTTP)");
                yield null;
            }
        };
    }

    public Protocol protocol() {
        return switch (limits) {
            case ListenerLimits.Http http -> Protocol.HTTP;
            case ListenerLimits.Tcp tcp -> Protocol.TCP;
        };
    }

    public Map<String, Object> toMap() {
        var map = new LinkedHashMap<String, Object>();
        map.put("name", name);
        map.put("protocol", protocol().toString());
        map.put("address", address);
        map.put("port", port);
        BackendShare.put(map, backends);
        map.putAll(limits.toMap());
        accepting.write(map, "maxConnection");
        map.put("clients", clients.toMap(protocol()));
        if (tls != null) {
            map.put("tls", tls.toMap());
        }
        if (proxyProtocol != null) {
            map.put("proxyProtocol", proxyProtocol.toMap());
        }
        if (http2 != null) {
            map.put("http2", http2.toMap());
        }
        if (protocol() == Protocol.HTTP) {
            map.put("forwarded", forwarded.toMap());
        }
        if (compression != null) {
            map.put("compression", compression.toMap());
        }
        if (!routes.isEmpty()) {
            map.put("routes", routes.stream().map(RouteSettings::toMap).toList());
        }
        map.put("keepAlive", keepAlive.toMap());
        return map;
    }
}
