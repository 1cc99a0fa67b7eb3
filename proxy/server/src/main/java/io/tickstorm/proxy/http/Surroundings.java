package io.tickstorm.proxy.http;

import io.netty.channel.EventLoopGroup;
import io.tickstorm.proxy.access.AccessLog;
import io.tickstorm.proxy.time.Ticker;
import io.tickstorm.proxy.tls.UpstreamTls;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * What a listener gets from the process it runs in.
 *
 * @param loops accept and serve
 * @param ticker for deadlines and latencies
 * @param clock for the Date field
 * @param random for request ids; any thread
 * @param access told of each request that has ended
 * @param upstreams how connections to backends are secured, if they are
 */
public record Surroundings(
        EventLoopGroup loops,
        Ticker ticker,
        InstantSource clock,
        RandomGenerator random,
        AccessLog access,
        UpstreamTls upstreams) {
    /** All backends in plain. */
    public Surroundings(
            EventLoopGroup loops, Ticker ticker, InstantSource clock, RandomGenerator random, AccessLog access) {
        this(loops, ticker, clock, random, access, new UpstreamTls());
    }
}
