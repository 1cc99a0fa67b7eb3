package io.tickstorm.proxy.admission;

import io.tickstorm.proxy.listener.ClientSettings;
import io.tickstorm.proxy.listener.Rate;
import io.tickstorm.proxy.settings.AddressRange;
import io.tickstorm.proxy.time.Ticker;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What single clients may ask of a listener. Any thread; {@link #change} on the control thread.
 *
 * <p>Whom it lets in is counted as long as it is open, also where nothing is limited: so a limit that comes later is exact.
 */
public final class ClientLimits {
    /** Why a client was turned away. */
    public enum Reason {
        /** It had as many connections open as it may. */
        CONNECTIONS,
        /** It opened connections faster than it may. */
        CONNECTION_RATE,
        /** It sent requests faster than it may. */
        REQUEST_RATE,
        /** It sent messages faster than it may. */
        MESSAGE_RATE
    }

    private final Ticker ticker;
    private final long seed;
    private final OpenConnections open = new OpenConnections();
    private final LongAdder[] refused =
            Stream.generate(LongAdder::new).limit(Reason.values().length).toArray(LongAdder[]::new);
    private volatile Current current;

    /** What holds now; null where a rate has no limit. */
    private record Current(
            ClientSettings settings,
            @Nullable ClientBuckets connecting,
            @Nullable ClientBuckets requests,
            @Nullable ClientBuckets messages) {
        boolean exempt(InetAddress address) {
            return isIn(settings.exempt(), address);
        }

        private static boolean isIn(List<AddressRange> ranges, InetAddress address) {
            for (int i = 0; i < ranges.size(); i++) {
                if (ranges.get(i).contains(address)) {
                    return true;
                }
            }
            return false;
        }
    }

    public ClientLimits(ClientSettings settings, Ticker ticker, RandomGenerator random) {
        this.ticker = ticker;
        this.seed = random.nextLong();
        this.current = new Current(
                settings,
                buckets(null, settings.connecting(), settings.tracked()),
                buckets(null, settings.requests(), settings.tracked()),
                buckets(null, settings.messages(), settings.tracked()));
    }

    /** New settings. Open connections stay open, and buckets are remembered unless {@code tracked} changes. */
    public void change(ClientSettings changed) {
        var before = current;
        boolean sameSize = changed.tracked() == before.settings().tracked();
        current = new Current(
                changed,
                buckets(sameSize ? before.connecting() : null, changed.connecting(), changed.tracked()),
                buckets(sameSize ? before.requests() : null, changed.requests(), changed.tracked()),
                buckets(sameSize ? before.messages() : null, changed.messages(), changed.tracked()));
    }

    private @Nullable ClientBuckets buckets(@Nullable ClientBuckets before, Rate rate, int tracked) {
        if (!rate.limited()) {
            return null;
        }
        if (before == null) {
            return new ClientBuckets(tracked, rate, ticker, seed);
        }
        before.rate(rate);
        return before;
    }

    /** Lets a connection in; false if it is one too many. Whoever got true calls {@link #disconnected} once. */
    public boolean tryConnect(InetAddress address) {
        var now = current;
        long client = ClientKey.of(address);
        boolean exempt = now.exempt(address);
        int max = exempt || now.settings().connections() == 0
                ? Integer.MAX_VALUE
                : now.settings().connections();
        if (!open.tryAdd(client, max)) {
            refuse(Reason.CONNECTIONS);
            return false;
        }
        var buckets = now.connecting();
        if (exempt || buckets == null || buckets.tryTake(client) == 0) {
            return true;
        }
        open.remove(client);
        refuse(Reason.CONNECTION_RATE);
        return false;
    }

    /** A connection that was let in has gone. */
    public void disconnected(InetAddress address) {
        open.remove(ClientKey.of(address));
    }

    /** Lets a request in: 0, or the nanoseconds until the client may send its next one. */
    public long tryRequest(InetAddress address) {
        var now = current;
        return take(now, now.requests(), address, Reason.REQUEST_RATE);
    }

    /** Lets a message in: 0, or the nanoseconds until the client may send its next one. */
    public long tryMessage(InetAddress address) {
        var now = current;
        return take(now, now.messages(), address, Reason.MESSAGE_RATE);
    }

    private long take(Current now, @Nullable ClientBuckets buckets, InetAddress address, Reason reason) {
        if (buckets == null || now.exempt(address)) {
            return 0;
        }
        long wait = buckets.tryTake(ClientKey.of(address));
        if (wait > 0) {
            refuse(reason);
        }
        return wait;
    }

    private void refuse(Reason reason) {
        refused[reason.ordinal()].increment();
    }

    /** How often a client was turned away for this. */
    public long refused(Reason reason) {
        return refused[reason.ordinal()].sum();
    }

    /** Connections that this client has open. */
    public int connections(InetAddress address) {
        return open.of(ClientKey.of(address));
    }

    /** Clients that have a connection open. */
    public int clients() {
        return open.clients();
    }
}
