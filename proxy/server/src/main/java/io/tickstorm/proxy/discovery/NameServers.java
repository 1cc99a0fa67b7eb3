package io.tickstorm.proxy.discovery;

import io.netty.channel.AddressedEnvelope;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsNameResolverChannelStrategy;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import io.tickstorm.proxy.transport.Transport;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Who answers questions to the DNS. Netty sends them from an event loop, over TCP what does not fit into a datagram; whoever
 * asks waits, and so is no event loop. Nothing is kept from one question to the next.
 */
final class NameServers implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    /** A datagram may be lost. */
    private static final int PASSES = 2;

    /** RFC 1034 section 3.6.2 wants no chains; CDNs have some of three or four. */
    private static final int LONGEST_CHAIN = 8;

    private final List<InetSocketAddress> given;
    private final DnsNameResolver resolver;

    /** @param given asked in this order; empty = those that the system names, as they are at each question */
    NameServers(List<InetSocketAddress> given, EventLoopGroup loops) {
        this.given = given;
        var transport = Transport.of(loops);
        this.resolver = new DnsNameResolverBuilder(loops.next())
                .datagramChannelType(transport.datagramChannel())
                .socketChannelType(transport.socketChannel())
                // A port of its own for each question makes it hard to forge an answer (RFC 5452 section 4.5).
                .datagramChannelStrategy(DnsNameResolverChannelStrategy.ChannelPerResolution)
                .queryTimeoutMillis(TIMEOUT.toMillis())
                .build();
    }

    /**
     * Asks one server after the other until one knows, and follows aliases.
     *
     * @param name absolute
     * @throws DnsFailure if none knows
     */
    DnsAnswer ask(String name, DnsRecordType type) throws DnsFailure {
        var answer = answer(new DefaultDnsQuestion(name, type));
        long ttl = answer.ttlSeconds();
        for (int i = 0; answer.alias() != null; i++) {
            if (i == LONGEST_CHAIN) {
                throw new DnsFailure("more than " + LONGEST_CHAIN + " aliases in a row");
            }
            answer = answer(new DefaultDnsQuestion(answer.alias(), type));
            ttl = Math.min(ttl, answer.ttlSeconds());
        }
        return new DnsAnswer(answer.records(), answer.additional(), null, ttl);
    }

    @Override
    public void close() {
        resolver.close();
    }

    private DnsAnswer answer(DnsQuestion question) throws DnsFailure {
        var failure = new DnsFailure("there is no name server");
        for (int pass = 0; pass < PASSES; pass++) {
            for (var server : servers(question.name())) {
                try {
                    return answer(server, question);
                } catch (DnsFailure e) {
                    failure = new DnsFailure(
                            "name server " + server.getAddress().getHostAddress() + ": " + e.reason(),
                            failure.answered() || e.answered());
                }
            }
        }
        throw failure;
    }

    private List<InetSocketAddress> servers(String name) {
        if (!given.isEmpty()) {
            return given;
        }
        var stream = DnsServerAddressStreamProviders.platformDefault().nameServerAddressStream(name);
        var servers = new ArrayList<InetSocketAddress>();
        for (int i = 0; i < stream.size(); i++) {
            servers.add(stream.next());
        }
        return servers;
    }

    private DnsAnswer answer(InetSocketAddress server, DnsQuestion question) throws DnsFailure {
        var asked = resolver.query(server, question).awaitUninterruptibly();
        if (!asked.isSuccess()) {
            throw new DnsFailure("no answer: " + asked.cause().getMessage());
        }
        AddressedEnvelope<DnsResponse, InetSocketAddress> envelope = asked.getNow();
        try {
            var response = envelope.content();
            if (response.isTruncated()) {
                throw new DnsFailure("the answer is cut off, and cannot be had over TCP");
            }
            if (response.code().equals(DnsResponseCode.NXDOMAIN)) {
                return DnsAnswer.NONE;
            }
            if (!response.code().equals(DnsResponseCode.NOERROR)) {
                throw new DnsFailure("answers " + response.code(), true);
            }
            return DnsAnswer.of(response, question.type());
        } finally {
            envelope.release();
        }
    }
}
