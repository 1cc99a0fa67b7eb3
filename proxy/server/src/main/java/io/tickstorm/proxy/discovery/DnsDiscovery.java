package io.tickstorm.proxy.discovery;

import io.netty.channel.EventLoopGroup;
import io.tickstorm.proxy.config.DnsSettings;
import io.tickstorm.proxy.endpoint.EndpointSet;
import io.tickstorm.proxy.time.Ticker;
import io.tickstorm.proxy.time.Timers;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The endpoints that a name of the DNS stands for, asked for again when its records expire, and at once when an endpoint
 * cannot be reached.
 *
 * <p>Name servers that do not answer or fail change nothing, for however long. An answer without records, which is also what
 * a server gives that is just being filled, is believed when the next one is the same; until then, and after failures, the
 * name is asked for ever more rarely, from {@code minTtl} to {@code maxTtl}. A name that never had endpoints, and of which name
 * servers say twice in a row that they cannot tell, is given none, so that one bad name does not keep a proxy from serving all others.
 */
public final class DnsDiscovery implements Discovery {
    private static final Logger log = LoggerFactory.getLogger(DnsDiscovery.class);
    private static final int EMPTY_ANSWERS = 2;
    private static final int REFUSALS = 2;
    private static final int MOST_DOUBLINGS = 20;

    private final DnsSettings settings;
    private final EventLoopGroup loops;
    private final Ticker ticker;
    private final RandomGenerator random;
    private final Rounds rounds;
    private final Relists relists = new Relists();
    private volatile boolean synced;
    private volatile long lastContact;
    private volatile @Nullable String trouble;
    private volatile @Nullable Consumer<EndpointSet> sink;

    // Guarded by this.
    private @Nullable NameServers servers;
    private boolean closed;

    // Only in the rounds, of which one runs at a time.
    private @Nullable EndpointSet last;
    private int emptyAnswers;
    private int refusals;
    private int without;

    /** @param loops one of them sends the questions */
    public DnsDiscovery(
            DnsSettings settings, EventLoopGroup loops, Ticker ticker, Timers timers, RandomGenerator random) {
        this.settings = settings;
        this.loops = loops;
        this.ticker = ticker;
        this.random = random;
        this.rounds = new Rounds("dns " + settings.name(), this::round, ticker, timers);
        this.lastContact = ticker.nanos();
    }

    @Override
    public void start(Consumer<EndpointSet> sink) {
        this.sink = sink;
        rounds.start();
    }

    @Override
    public DiscoveryStatus status() {
        var age = Duration.ofNanos(Math.max(0, ticker.nanos() - lastContact));
        return new DiscoveryStatus(synced, age, "DNS name " + settings.name(), trouble, relists.snapshot());
    }

    @Override
    public void doubt() {
        if (synced && rounds.soon(Duration.ZERO)) {
            relists.count(Relist.UNREACHABLE);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        rounds.close();
        if (servers != null) {
            servers.close();
        }
    }

    private Duration round() {
        var dns = servers();
        if (dns == null) {
            return settings.maxTtl();
        }
        long asked = ticker.nanos();
        try {
            var found = DnsEndpoints.find(settings, dns::ask);
            answered();
            return take(found, asked);
        } catch (DnsFailure e) {
            return failed(e.reason(), e.answered());
        } catch (RuntimeException e) {
            log.error("DNS name {}: cannot be asked for", settings.name(), e);
            return failed(e.toString(), false);
        }
    }

    /** Null once it is closed. Made here, since that reads the files of the system. */
    private synchronized @Nullable NameServers servers() {
        if (servers == null && !closed) {
            servers = new NameServers(settings.resolvers(), loops);
        }
        return closed ? null : servers;
    }

    private Duration take(DnsEndpoints found, long asked) {
        boolean empty = found.endpoints().endpoints().isEmpty();
        refusals = 0;
        emptyAnswers = empty ? emptyAnswers + 1 : 0;
        if (empty && emptyAnswers < EMPTY_ANSWERS) {
            log.debug("DNS name {}: no records, asking once more", settings.name());
            return backoff();
        }
        lastContact = asked;
        var receiver = sink;
        if (receiver != null && !found.endpoints().equals(last)) {
            last = found.endpoints();
            receiver.accept(found.endpoints());
        }
        synced = true;
        if (empty) {
            return backoff();
        }
        without = 0;
        return bounded(found.ttlSeconds());
    }

    private Duration failed(String why, boolean refused) {
        // Not to be disturbed by what is going on: only answers in a row count.
        emptyAnswers = 0;
        refusals = refused ? refusals + 1 : 0;
        var receiver = sink;
        if (last == null && refusals == REFUSALS && receiver != null) {
            last = EndpointSet.EMPTY;
            receiver.accept(last);
        }
        if (trouble == null) {
            log.warn("DNS name {}: {}; the last good endpoints stay", settings.name(), why);
        }
        trouble = why;
        return backoff();
    }

    private void answered() {
        if (trouble != null) {
            trouble = null;
            log.info("DNS name {}: it is answered again", settings.name());
        }
    }

    private Duration backoff() {
        var wait = settings.minTtl().multipliedBy(1L << Math.min(without, MOST_DOUBLINGS));
        without++;
        return late(wait.compareTo(settings.maxTtl()) > 0 ? settings.maxTtl() : wait);
    }

    private Duration bounded(long ttlSeconds) {
        var ttl = Duration.ofSeconds(Math.min(ttlSeconds, settings.maxTtl().toSeconds() + 1));
        if (ttl.compareTo(settings.minTtl()) < 0) {
            return late(settings.minTtl());
        }
        return late(ttl.compareTo(settings.maxTtl()) > 0 ? settings.maxTtl() : ttl);
    }

    /** By up to a tenth, so that proxies that began together do not ask together. */
    private Duration late(Duration wait) {
        return wait.plus(wait.multipliedBy(random.nextInt(0, 101)).dividedBy(1_000));
    }
}
