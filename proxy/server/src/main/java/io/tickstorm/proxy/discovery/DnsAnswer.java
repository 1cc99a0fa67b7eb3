package io.tickstorm.proxy.discovery;

import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsSection;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a name server has said to one question; without records if there is no such name, or nothing of that type.
 *
 * @param records of the type that was asked for, in the order of the answer
 * @param additional what was sent along without having been asked for
 * @param alias what the name stands for, if nothing was said about that (CNAME); else null
 * @param ttlSeconds of the record that expires first, aliases included; {@link Long#MAX_VALUE} without any
 */
record DnsAnswer(
        List<Record> records,
        List<Record> additional,
        @Nullable String alias,
        long ttlSeconds) {
    static final DnsAnswer NONE = new DnsAnswer(List.of(), List.of(), null, Long.MAX_VALUE);

    /** @see #name */
    sealed interface Record {
        /** In lower case, with the last dot. */
        String name();
    }

    record Address(String name, DnsRecordType type, InetAddress address) implements Record {}

    /** RFC 2782. */
    record Service(String name, int priority, int weight, int port, String target) implements Record {}

    /**
     * Reads a response, which stays the caller's.
     *
     * @throws DnsFailure if a record cannot be read
     */
    static DnsAnswer of(DnsResponse response, DnsRecordType wanted) throws DnsFailure {
        var records = new ArrayList<Record>();
        long ttl = Long.MAX_VALUE;
        String alias = null;
        try {
            for (int i = 0; i < response.count(DnsSection.ANSWER); i++) {
                if (!(response.recordAt(DnsSection.ANSWER, i) instanceof DnsRawRecord raw)) {
                    continue;
                }
                if (raw.type().equals(wanted)) {
                    records.add(record(raw));
                    ttl = Math.min(ttl, raw.timeToLive());
                } else if (raw.type().equals(DnsRecordType.CNAME)) {
                    // A chain is in its order in all servers that are known; if not, the next question finds the rest.
                    alias = name(
                            DefaultDnsRecordDecoder.decodeName(raw.content().duplicate()));
                    ttl = Math.min(ttl, raw.timeToLive());
                }
            }
            return new DnsAnswer(List.copyOf(records), additional(response), records.isEmpty() ? alias : null, ttl);
        } catch (RuntimeException | UnknownHostException e) {
            throw new DnsFailure("a record that cannot be read: " + e.getMessage());
        }
    }

    private static List<Record> additional(DnsResponse response) throws UnknownHostException {
        var additional = new ArrayList<Record>();
        for (int i = 0; i < response.count(DnsSection.ADDITIONAL); i++) {
            if (response.recordAt(DnsSection.ADDITIONAL, i) instanceof DnsRawRecord raw
                    && (raw.type().equals(DnsRecordType.A) || raw.type().equals(DnsRecordType.AAAA))) {
                additional.add(record(raw));
            }
        }
        return List.copyOf(additional);
    }

    private static Record record(DnsRawRecord raw) throws UnknownHostException {
        var content = raw.content().duplicate();
        var name = name(raw.name());
        if (raw.type().equals(DnsRecordType.SRV)) {
            return new Service(
                    name,
                    content.readUnsignedShort(),
                    content.readUnsignedShort(),
                    content.readUnsignedShort(),
                    name(DefaultDnsRecordDecoder.decodeName(content)));
        }
        var bytes = new byte[content.readableBytes()];
        content.readBytes(bytes);
        return new Address(name, raw.type(), InetAddress.getByAddress(bytes));
    }

    private static String name(String raw) {
        return raw.toLowerCase(Locale.ROOT);
    }
}
