package io.tickstorm.proxy.proxyprotocol;

import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Version 1, a line of text (proxy-protocol.txt section 2.1). */
final class TextHeader {
    /** With its CRLF: the longest line that two IPv6 addresses can make, as the specification counts it. */
    static final int LONGEST = 107;

    private static final byte[] SIGNATURE = "PROXY ".getBytes(StandardCharsets.US_ASCII);

    private static final String BYTE = "(?:0|[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5])";
    private static final String IPV4 = "(" + BYTE + "(?:\\." + BYTE + "){3})";
    // Only the letters: InetAddress judges the rest, and has no other reading of a text with a colon and without % and
    // [.
    private static final String IPV6 = "((?=[^ ]*:)[0-9a-fA-F:.]{2,45})";
    private static final String PORT = "(0|[1-9][0-9]{0,4})";

    private static final Pattern TCP4 = line("TCP4", IPV4);
    private static final Pattern TCP6 = line("TCP6", IPV6);
    /** Whatever follows means nothing. */
    private static final Pattern UNKNOWN = Pattern.compile("PROXY UNKNOWN(?: .*)?");

    private TextHeader() {}

    private static Pattern line(String family, String address) {
        return Pattern.compile("PROXY " + family + " " + address + " " + address + " " + PORT + " " + PORT);
    }

    static Parse parse(ByteBuf in) {
        if (!HeaderParser.beginsWith(in, SIGNATURE)) {
            return Parse.Refused.ABSENT;
        }
        int start = in.readerIndex();
        int looked = Math.min(in.readableBytes(), LONGEST);
        int end = in.indexOf(start, start + looked, (byte) '\n');
        if (end < 0) {
            return looked == LONGEST ? Parse.Refused.TOO_LONG : Parse.Incomplete.INSTANCE;
        }
        int length = end + 1 - start;
        if (in.getByte(end - 1) != '\r') {
            return Parse.Refused.MALFORMED;
        }
        var line = in.toString(start, length - 2, StandardCharsets.ISO_8859_1);
        if (UNKNOWN.matcher(line).matches()) {
            return new Parse.Whole(length, null);
        }
        try {
            var told = addresses(line);
            return told == null ? Parse.Refused.MALFORMED : new Parse.Whole(length, told);
        } catch (IllegalArgumentException noAddress) {
            return Parse.Refused.MALFORMED;
        }
    }

    private static @Nullable ProxyHeader addresses(String line) {
        var fields = TCP4.matcher(line);
        if (!fields.matches()) {
            fields = TCP6.matcher(line);
            if (!fields.matches()) {
                return null;
            }
        }
        return new ProxyHeader(address(fields.group(1), fields.group(3)), address(fields.group(2), fields.group(4)));
    }

    /** @throws IllegalArgumentException if one of them is none */
    private static InetSocketAddress address(String host, String port) {
        return new InetSocketAddress(InetAddress.ofLiteral(host), Integer.parseInt(port));
    }
}
