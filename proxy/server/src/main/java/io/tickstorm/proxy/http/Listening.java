package io.tickstorm.proxy.http;

import io.tickstorm.proxy.access.Entry;
import io.tickstorm.proxy.access.Termination;
import io.tickstorm.proxy.admission.ClientLimits;
import io.tickstorm.proxy.admission.DrainGate;
import io.tickstorm.proxy.admission.Parting;
import io.tickstorm.proxy.backend.Split;
import io.tickstorm.proxy.gzip.Compression;
import io.tickstorm.proxy.http1.RequestHead;
import io.tickstorm.proxy.listener.CompressionSettings;
import io.tickstorm.proxy.listener.ForwardedSettings;
import io.tickstorm.proxy.listener.Http2Settings;
import io.tickstorm.proxy.listener.ListenerLimits;
import io.tickstorm.proxy.listener.Protocol;
import io.tickstorm.proxy.proxyprotocol.HeaderFault;
import io.tickstorm.proxy.route.Choice;
import io.tickstorm.proxy.route.HttpRoutes;
import io.tickstorm.proxy.route.Routes;
import io.tickstorm.proxy.tls.ServerTls;
import io.tickstorm.proxy.transport.Beginning;
import io.tickstorm.proxy.transport.Transport;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What all connections of a listener share. Read from any event loop; limits and routes change on the control thread. */
final class Listening {
    private final String name;
    private final Transport transport;
    private final Surroundings surroundings;
    private final HttpCounters counters = new HttpCounters();
    private final DrainGate gate = new DrainGate();
    private final ClientLimits clients;
    private final ServerTls tls;
    private final Beginning beginning;
    private volatile ListenerLimits.Http limits;
    private volatile ForwardedSettings forwarded;
    private volatile HttpRoutes<Split> routes;
    private volatile Http2Settings http2;
    private volatile @Nullable Compression compression;
    private volatile @Nullable Parting parting;

    Listening(
            String name,
            Surroundings surroundings,
            ListenerLimits.Http limits,
            Beginning beginning,
            Http2Settings http2,
            ClientLimits clients,
            ForwardedSettings forwarded,
            ServerTls tls,
            Routes<Split> routes) {
        this.name = name;
        this.transport = Transport.of(surroundings.loops());
        this.surroundings = surroundings;
        this.limits = limits;
        this.beginning = beginning;
        this.http2 = http2;
        this.clients = clients;
        this.forwarded = forwarded;
        this.tls = tls;
        this.routes = new HttpRoutes<>(routes);
    }

    String name() {
        return name;
    }

    Transport transport() {
        return transport;
    }

    Surroundings surroundings() {
        return surroundings;
    }

    HttpCounters counters() {
        return counters;
    }

    /** Counts connections; from its draining on, every answer announces the close. */
    DrainGate gate() {
        return gate;
    }

    /** What single clients may do. */
    ClientLimits clients() {
        return clients;
    }

    /** How new connections are secured, if they are. */
    ServerTls tls() {
        return tls;
    }

    /** Whether connections are to end with the answer that comes next. */
    boolean closing() {
        return gate.phase() != DrainGate.Phase.OPEN;
    }

    /** What WebSockets end by; null while they may stay. */
    @Nullable
    Parting parting() {
        return parting;
    }

    void parting(Parting begun) {
        parting = begun;
    }

    ListenerLimits.Http limits() {
        return limits;
    }

    Beginning beginning() {
        return beginning;
    }

    /** What answers are sent in gzip; null = none. */
    @Nullable
    Compression compression() {
        return compression;
    }

    void compression(@Nullable CompressionSettings changed) {
        compression = changed == null ? null : new Compression(changed);
    }

    /** A connection of this peer was closed because it did not begin as it has to. */
    void refused(InetSocketAddress peer, HeaderFault fault) {
        counters.headerRefused();
        var access = surroundings.access();
        if (access.wants(true)) {
            access.ended(new Entry(
                    name,
                    "",
                    Peer.authority(peer),
                    Protocol.HTTP,
                    "",
                    null,
                    0,
                    0,
                    0,
                    0,
                    0,
                    List.of(),
                    Termination.PROXY_HEADER_REFUSED,
                    fault.words()));
        }
    }

    /** For connections to come. */
    Http2Settings http2() {
        return http2;
    }

    void http2(Http2Settings changed) {
        http2 = changed;
    }

    /** Who is believed on where requests come from. */
    ForwardedSettings forwarded() {
        return forwarded;
    }

    /** Who gets this request. */
    Choice<Split> route(RequestHead head) {
        return routes.choose(head);
    }

    void change(ListenerLimits.Http changed, ForwardedSettings believed, Routes<Split> next) {
        forwarded = believed;
        routes = new HttpRoutes<>(next);
        limits = changed;
    }
}
