package io.tickstorm.proxy.sni;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The body of a ClientHello. Only what leads to the server name is looked at; unknown extensions, those of GREASE among them (RFC
 * 8701), are passed over.
 */
final class ClientHello {
    private static final int VERSION_AND_RANDOM = 2 + 32;
    private static final int SERVER_NAME = 0;
    private static final int HOST_NAME = 0;

    /** Letters, digits, hyphens and dots, and the underscore that some use; no dot at the end (RFC 6066 section 3). */
    private static final Pattern NAME = Pattern.compile("(?=.{1,255}$)[a-zA-Z0-9_-]+(\\.[a-zA-Z0-9_-]+)*");

    private ClientHello() {}

    static Hello serverName(ByteBuf body) {
        if (body.readableBytes() < VERSION_AND_RANDOM) {
            return Hello.Refused.MALFORMED;
        }
        body.skipBytes(VERSION_AND_RANDOM);
        var session = vector(body, 1);
        var suites = vector(body, 2);
        var compressions = vector(body, 1);
        if (session == null || suites == null || compressions == null) {
            return Hello.Refused.MALFORMED;
        }
        if (!body.isReadable()) {
            return new Hello.Whole(null); // TLS 1.2 and older may do without extensions
        }
        var extensions = vector(body, 2);
        return extensions == null || body.isReadable() ? Hello.Refused.MALFORMED : amongExtensions(extensions);
    }

    private static Hello amongExtensions(ByteBuf extensions) {
        ByteBuf names = null;
        while (extensions.isReadable()) {
            int type = extensions.readableBytes() < 2 ? -1 : extensions.readUnsignedShort();
            var extension = vector(extensions, 2);
            if (extension == null || type == SERVER_NAME && names != null) {
                return Hello.Refused.MALFORMED;
            }
            if (type == SERVER_NAME) {
                names = extension;
            }
        }
        if (names == null) {
            return new Hello.Whole(null);
        }
        var list = vector(names, 2);
        return list == null || names.isReadable() ? Hello.Refused.MALFORMED : amongNames(list);
    }

    /** There is one kind of names, so a list of two has one kind twice, which is forbidden. */
    private static Hello amongNames(ByteBuf list) {
        int kind = list.isReadable() ? list.readUnsignedByte() : -1;
        var name = vector(list, 2);
        if (kind != HOST_NAME || name == null || list.isReadable()) {
            return Hello.Refused.MALFORMED;
        }
        var text = name.toString(StandardCharsets.ISO_8859_1);
        return NAME.matcher(text).matches() ? new Hello.Whole(text.toLowerCase(Locale.ROOT)) : Hello.Refused.MALFORMED;
    }

    /** What follows its length, which has so many bytes; null if there is less. */
    private static @Nullable ByteBuf vector(ByteBuf in, int lengthBytes) {
        if (in.readableBytes() < lengthBytes) {
            return null;
        }
        int length = lengthBytes == 1 ? in.readUnsignedByte() : in.readUnsignedShort();
        return in.readableBytes() < length ? null : in.readSlice(length);
    }
}
