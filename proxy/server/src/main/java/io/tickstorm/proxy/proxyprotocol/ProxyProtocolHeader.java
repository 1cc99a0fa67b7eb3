package io.tickstorm.proxy.proxyprotocol;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.tickstorm.proxy.endpoint.ProxyProtocol;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** Writes the header that tells a server who the client is. Any thread. */
public final class ProxyProtocolHeader {
    private ProxyProtocolHeader() {}

    /**
     * For a connection that is relayed. Where one address is of IPv6, both are written so.
     *
     * @param source the client
     * @param destination where it connected to
     * @return empty for {@code NONE}
     */
    public static ByteBuf relayed(
            ProxyProtocol version,
            InetSocketAddress source,
            InetSocketAddress destination,
            ByteBufAllocator allocator) {
        return switch (version) {
            case NONE -> allocator.buffer(0);
            case V1 -> line(allocator, text(source, destination));
            case V2 -> binary(source, destination, allocator);
        };
    }

    /**
     * For a connection of our own, such as a health check.
     *
     * @return empty for {@code NONE}
     */
    public static ByteBuf local(ProxyProtocol version, ByteBufAllocator allocator) {
        return switch (version) {
            case NONE -> allocator.buffer(0);
            case V1 -> line(allocator, "UNKNOWN");
            case V2 -> begin(allocator, BinaryHeader.LOCAL, BinaryHeader.UNSPECIFIED, 0);
        };
    }

    private static ByteBuf line(ByteBufAllocator allocator, String content) {
        var out = allocator.buffer(TextHeader.LONGEST);
        out.writeCharSequence("PROXY " + content + "\r\n", StandardCharsets.US_ASCII);
        return out;
    }

    private static String text(InetSocketAddress source, InetSocketAddress destination) {
        boolean wide = wide(source, destination);
        return (wide ? "TCP6 " : "TCP4 ") + text(source, wide) + " " + text(destination, wide) + " " + source.getPort()
                + " " + destination.getPort();
    }

    private static String text(InetSocketAddress address, boolean wide) {
        var text = address.getAddress().getHostAddress();
        int zone = text.indexOf('%');
        var plain = zone < 0 ? text : text.substring(0, zone);
        return wide && plain.indexOf(':') < 0 ? "::ffff:" + plain : plain;
    }

    private static ByteBuf binary(InetSocketAddress source, InetSocketAddress destination, ByteBufAllocator allocator) {
        boolean wide = wide(source, destination);
        var out = wide
                ? begin(allocator, BinaryHeader.PROXY, BinaryHeader.TCP6, BinaryHeader.TCP6_LENGTH)
                : begin(allocator, BinaryHeader.PROXY, BinaryHeader.TCP4, BinaryHeader.TCP4_LENGTH);
        address(out, source.getAddress(), wide);
        address(out, destination.getAddress(), wide);
        return out.writeShort(source.getPort()).writeShort(destination.getPort());
    }

    private static ByteBuf begin(ByteBufAllocator allocator, int command, int family, int length) {
        return allocator
                .buffer(BinaryHeader.FIXED + length)
                .writeBytes(BinaryHeader.SIGNATURE)
                .writeByte(command)
                .writeByte(family)
                .writeShort(length);
    }

    private static void address(ByteBuf out, InetAddress address, boolean wide) {
        if (wide && !(address instanceof Inet6Address)) {
            out.writeBytes(ByteBufUtil.decodeHexDump("00000000000000000000ffff"));
        }
        out.writeBytes(address.getAddress());
    }

    private static boolean wide(InetSocketAddress source, InetSocketAddress destination) {
        return source.getAddress() instanceof Inet6Address || destination.getAddress() instanceof Inet6Address;
    }
}
