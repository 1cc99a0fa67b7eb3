package io.tickstorm.proxy.fuzz;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A stream of requests or responses as Netty's decoder reads it, with limits that ours reaches first. */
final class Nettys {
    private static final HttpDecoderConfig CONFIG = new HttpDecoderConfig()
            .setMaxInitialLineLength(1 << 16)
            .setMaxHeaderSize(1 << 16)
            .setMaxChunkSize(1 << 20);

    private final List<Message> messages = new ArrayList<>();
    private final StringBuilder data = new StringBuilder();
    private String start = "";
    private boolean inBody;
    private boolean switched;
    private String refusal = "";

    static Reading requests(byte[] input) {
        return new Nettys().read(new HttpRequestDecoder(CONFIG), input);
    }

    static Reading responses(byte[] input) {
        return new Nettys().read(new HttpResponseDecoder(CONFIG), input);
    }

    private Reading read(ChannelHandler decoder, byte[] input) {
        var channel = new EmbeddedChannel(decoder);
        channel.writeInbound(Unpooled.wrappedBuffer(input));
        for (Object object = channel.readInbound(); object != null; object = channel.readInbound()) {
            if (refusal.isEmpty() && !switched && object instanceof HttpObject part) {
                take(part);
            }
            ReferenceCountUtil.release(object);
        }
        channel.finishAndReleaseAll();
        if (inBody && refusal.isEmpty()) {
            messages.add(new Message(start, data.toString(), false));
        }
        return new Reading(List.copyOf(messages), refusal);
    }

    private void take(HttpObject object) {
        if (object.decoderResult().isFailure()) {
            refusal = String.valueOf(object.decoderResult().cause());
            return;
        }
        if (object instanceof HttpMessage message) {
            start = start(message);
            data.setLength(0);
            inBody = true;
        }
        if (object instanceof HttpContent content) {
            data.append(content.content().toString(StandardCharsets.ISO_8859_1));
        }
        if (object instanceof LastHttpContent) {
            messages.add(new Message(start, data.toString(), true));
            inBody = false;
            switched = start.equals(Ours.SWITCHED);
        }
    }

    private static String start(HttpMessage message) {
        return switch (message) {
            case HttpRequest request -> request.method().name() + ' ' + originForm(request.uri());
            case HttpResponse response -> String.valueOf(response.status().code());
            default -> throw new IllegalArgumentException(message + " (expected: a request or a response)");
        };
    }

    /** As our codec forwards a target: without scheme and authority (RFC 9112 section 3.2.2), and never empty. */
    private static String originForm(String target) {
        int scheme = target.indexOf("://");
        if (scheme < 0 || target.startsWith("/")) {
            return target;
        }
        for (int at = scheme + 3; at < target.length(); at++) {
            if (target.charAt(at) == '/') {
                return target.substring(at);
            }
            if (target.charAt(at) == '?') {
                return '/' + target.substring(at);
            }
        }
        return "/";
    }
}
