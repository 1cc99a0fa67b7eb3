package io.tickstorm.proxy.discovery;

import static java.util.Comparator.comparing;

import io.netty.handler.codec.dns.DnsRecordType;
import io.tickstorm.proxy.config.DnsSettings;
import io.tickstorm.proxy.endpoint.Condition;
import io.tickstorm.proxy.endpoint.Endpoint;
import io.tickstorm.proxy.endpoint.EndpointId;
import io.tickstorm.proxy.endpoint.EndpointSet;
import java.util.ArrayList;
import java.util.List;

/**
 * From a name of the DNS to endpoints. An endpoint is known by its name (that of its host with SRV), its address and its port.
 * They are sorted, since name servers shuffle.
 *
 * @param ttlSeconds how long they hold; {@link Long#MAX_VALUE} if there are none
 */
record DnsEndpoints(EndpointSet endpoints, long ttlSeconds) {
    private static final String ROOT = ".";

    /** Asks; whoever does so waits. */
    @FunctionalInterface
    interface Asking {
        DnsAnswer ask(String name, DnsRecordType type) throws DnsFailure;
    }

    static DnsEndpoints find(DnsSettings settings, Asking dns) throws DnsFailure {
        var found = switch (settings.type()) {
            case ADDRESS -> addresses(settings, dns);
            case SRV -> services(settings, dns);
        };
        var sorted = found.endpoints().endpoints().stream()
                .sorted(comparing(Endpoint::name)
                        .thenComparing(endpoint -> endpoint.id().address()))
                .toList();
        return new DnsEndpoints(new EndpointSet(sorted), found.ttlSeconds());
    }

    private static DnsEndpoints addresses(DnsSettings settings, Asking dns) throws DnsFailure {
        var answer = ofOneFamily(settings.name(), DnsAnswer.NONE, settings, dns);
        var endpoints = hosts(answer).stream()
                .map(host -> new EndpointId(settings.name(), host, settings.port()))
                .map(id -> Endpoint.active(id, id.address()))
                .toList();
        return new DnsEndpoints(new EndpointSet(endpoints), answer.ttlSeconds());
    }

    private static DnsEndpoints services(DnsSettings settings, Asking dns) throws DnsFailure {
        var answer = dns.ask(settings.name(), DnsRecordType.SRV);
        long ttl = answer.ttlSeconds();
        var endpoints = new ArrayList<Endpoint>();
        for (var service : ofLowestPriority(answer)) {
            var located = ofOneFamily(service.target(), answer, settings, dns);
            ttl = Math.min(ttl, located.ttlSeconds());
            for (var host : hosts(located)) {
                endpoints.add(endpoint(service, host));
            }
        }
        return new DnsEndpoints(new EndpointSet(endpoints), ttl);
    }

    /** The others are for when none of these is left, which the DNS cannot know and a balancer should not guess. */
    private static List<DnsAnswer.Service> ofLowestPriority(DnsAnswer answer) {
        var services = answer.records().stream()
                .filter(DnsAnswer.Service.class::isInstance)
                .map(DnsAnswer.Service.class::cast)
                // RFC 2782: a target of "." says that there is no such service.
                .filter(service -> !service.target().equals(ROOT))
                .toList();
        int lowest =
                services.stream().mapToInt(DnsAnswer.Service::priority).min().orElse(0);
        return services.stream().filter(service -> service.priority() == lowest).toList();
    }

    private static Endpoint endpoint(DnsAnswer.Service service, String host) {
        var name = service.target().substring(0, service.target().length() - 1);
        // RFC 2782: of weight 0 is to have a very small chance beside others.
        int weight = Math.max(Endpoint.MIN_WEIGHT, service.weight());
        return new Endpoint(
                new EndpointId(name, host, service.port()),
                name + ':' + service.port(),
                null,
                weight,
                Condition.ACTIVE,
                null);
    }

    /** What was sent along saves a question. */
    private static DnsAnswer ofOneFamily(String name, DnsAnswer sentAlong, DnsSettings settings, Asking dns)
            throws DnsFailure {
        for (var type : settings.family().order(DnsRecordType.A, DnsRecordType.AAAA)) {
            var known = sentAlong.additional().stream()
                    .filter(record -> record instanceof DnsAnswer.Address address
                            && address.type().equals(type)
                            && address.name().equals(name))
                    .toList();
            var answer = known.isEmpty()
                    ? dns.ask(name, type)
                    : new DnsAnswer(known, List.of(), null, sentAlong.ttlSeconds());
            if (!answer.records().isEmpty()) {
                return answer;
            }
        }
        return DnsAnswer.NONE;
    }

    private static List<String> hosts(DnsAnswer answer) {
        return answer.records().stream()
                .filter(DnsAnswer.Address.class::isInstance)
                .map(record -> ((DnsAnswer.Address) record).address().getHostAddress())
                .distinct()
                .toList();
    }
}
