package io.tickstorm.proxy.http2;

import io.tickstorm.proxy.http1.Flaw;

/** The user event that a request broke the rules of HTTP/2: the stream is reset after it. */
public record RequestFlawed(Flaw flaw) {}
