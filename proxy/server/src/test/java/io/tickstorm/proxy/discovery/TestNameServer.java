package io.tickstorm.proxy.discovery;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.dns.DatagramDnsQuery;
import io.netty.handler.codec.dns.DatagramDnsQueryDecoder;
import io.netty.handler.codec.dns.DatagramDnsResponse;
import io.netty.handler.codec.dns.DatagramDnsResponseEncoder;
import io.netty.handler.codec.dns.DefaultDnsRawRecord;
import io.netty.handler.codec.dns.DefaultDnsResponse;
import io.netty.handler.codec.dns.DnsQuery;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.handler.codec.dns.TcpDnsQueryDecoder;
import io.netty.handler.codec.dns.TcpDnsResponseEncoder;
import io.tickstorm.proxy.transport.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A name server on loopback, over UDP and TCP at one port, that says what it is told to. */
final class TestNameServer implements AutoCloseable {
    private final Channel datagrams;
    private final Channel streams;
    private final Map<String, List<Supplier<DnsRecord>>> records = new ConcurrentHashMap<>();
    private final AtomicInteger questions = new AtomicInteger();
    private final AtomicInteger overTcp = new AtomicInteger();
    private volatile DnsResponseCode code = DnsResponseCode.NOERROR;
    private volatile boolean truncates;
    private volatile boolean silent;

    TestNameServer(EventLoopGroup loops) {
        var transport = Transport.of(loops);
        streams = new ServerBootstrap()
                .group(loops)
                .channel(transport.serverChannel())
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(new TcpDnsQueryDecoder(), new TcpDnsResponseEncoder(), new OverTcp());
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
        datagrams = new Bootstrap()
                .group(loops)
                .channel(transport.datagramChannel())
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(
                                        new DatagramDnsQueryDecoder(), new DatagramDnsResponseEncoder(), new OverUdp());
                    }
                })
                .bind(streams.localAddress())
                .syncUninterruptibly()
                .channel();
    }

    InetSocketAddress address() {
        return (InetSocketAddress) datagrams.localAddress();
    }

    int questions() {
        return questions.get();
    }

    int overTcp() {
        return overTcp.get();
    }

    /** All answers have this code from now on. */
    void code(DnsResponseCode code) {
        this.code = code;
    }

    /** Whether answers over UDP say that they are cut off. */
    void truncates(boolean truncates) {
        this.truncates = truncates;
    }

    void silent(boolean silent) {
        this.silent = silent;
    }

    void addresses(String name, int ttl, String... addresses) {
        records.keySet().removeIf(key -> key.startsWith(name + "/A"));
        for (var address : addresses) {
            var bytes = InetAddress.ofLiteral(address).getAddress();
            var type = bytes.length == 4 ? DnsRecordType.A : DnsRecordType.AAAA;
            add(name, type, ttl, () -> Unpooled.wrappedBuffer(bytes));
        }
    }

    void alias(String name, int ttl, String target) {
        for (var type : List.of(DnsRecordType.A, DnsRecordType.AAAA)) {
            add(name, type, DnsRecordType.CNAME, ttl, () -> name(target));
        }
    }

    void service(String name, int ttl, int priority, int weight, int port, String target) {
        add(
                name,
                DnsRecordType.SRV,
                ttl,
                () -> Unpooled.wrappedBuffer(
                        Unpooled.buffer()
                                .writeShort(priority)
                                .writeShort(weight)
                                .writeShort(port),
                        name(target)));
    }

    void forget(String name) {
        records.keySet().removeIf(key -> key.startsWith(name + "/"));
    }

    @Override
    public void close() {
        datagrams.close().syncUninterruptibly();
        streams.close().syncUninterruptibly();
    }

    private void add(String name, DnsRecordType type, int ttl, Supplier<ByteBuf> content) {
        add(name, type, type, ttl, content);
    }

    private void add(String name, DnsRecordType asked, DnsRecordType type, int ttl, Supplier<ByteBuf> content) {
        records.merge(
                name + "/" + asked.name(),
                List.of(() -> new DefaultDnsRawRecord(name, type, ttl, content.get())),
                (before, more) -> {
                    var all = new ArrayList<>(before);
                    all.addAll(more);
                    return all;
                });
    }

    private static ByteBuf name(String text) {
        var encoded = Unpooled.buffer();
        for (var label : text.split("\\.")) {
            encoded.writeByte(label.length()).writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        return encoded.writeByte(0);
    }

    private void fill(DnsResponse response, DnsQuestion question, boolean cutOff) {
        response.addRecord(DnsSection.QUESTION, question);
        response.setCode(code);
        response.setTruncated(cutOff);
        var found = records.getOrDefault(question.name() + "/" + question.type().name(), List.of());
        if (!cutOff && code.equals(DnsResponseCode.NOERROR)) {
            found.forEach(record -> response.addRecord(DnsSection.ANSWER, record.get()));
        }
    }

    private final class OverUdp extends SimpleChannelInboundHandler<DatagramDnsQuery> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramDnsQuery query) {
            questions.incrementAndGet();
            if (!silent) {
                var response = new DatagramDnsResponse(query.recipient(), query.sender(), query.id());
                fill(response, query.recordAt(DnsSection.QUESTION), truncates);
                context.writeAndFlush(response);
            }
        }
    }

    private final class OverTcp extends SimpleChannelInboundHandler<DnsQuery> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, DnsQuery query) {
            overTcp.incrementAndGet();
            var response = new DefaultDnsResponse(query.id());
            fill(response, query.recordAt(DnsSection.QUESTION), false);
            context.writeAndFlush(response);
        }
    }
}
