package io.tickstorm.proxy.admission;

import io.tickstorm.proxy.listener.ClientSettings;
import io.tickstorm.proxy.listener.Rate;
import io.tickstorm.proxy.time.Ticker;
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
        boolean exempt(Client client) {
            var ranges = settings.exempt();
            for (int i = 0; i < ranges.size(); i++) {
                if (ranges.get(i).contains(client.address())) {
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
                buckets(settings.connecting(), settings.tracked()),
                buckets(settings.requests(), settings.tracked()),
                buckets(settings.messages(), settings.tracked()));
    }

    /** New settings. Open connections stay open. Where a rate or {@code tracked} is another one, all buckets begin full. */
    public void change(ClientSettings changed) {
        var before = current;
        var old = before.settings();
        boolean sameSize = changed.tracked() == old.tracked();
        current = new Current(
                changed,
                sameSize && changed.connecting().equals(old.connecting())
                        ? before.connecting()
                        : buckets(changed.connecting(), changed.tracked()),
                sameSize && changed.requests().equals(old.requests())
                        ? before.requests()
                        : buckets(changed.requests(), changed.tracked()),
                sameSize && changed.messages().equals(old.messages())
                        ? before.messages()
                        : buckets(changed.messages(), changed.tracked()));
    }

    private @Nullable ClientBuckets buckets(Rate rate, int tracked) {
        return rate.limited() ? new ClientBuckets(tracked, rate, ticker, seed) : null;
    }

    /** Lets a connection in; false if it is one too many. Whoever got true calls {@link #disconnected} once. */
    public boolean tryConnect(Client client) {
        var now = current;
        boolean exempt = now.exempt(client);
        int max = exempt || now.settings().connections() == 0
                ? Integer.MAX_VALUE
                : now.settings().connections();
        if (!open.tryAdd(client.key(), max)) {
            refuse(Reason.CONNECTIONS);
            return false;
        }
        var buckets = now.connecting();
        if (exempt || buckets == null || buckets.tryTake(client.key()) == 0) {
            return true;
        }
        open.remove(client.key());
        refuse(Reason.CONNECTION_RATE);
        return false;
    }

    /** A connection that was let in has gone. */
    public void disconnected(Client client) {
        open.remove(client.key());
    }

    /** Lets a request in: 0, or the nanoseconds until the client may send its next one. */
    public long tryRequest(Client client) {
        var now = current;
        return take(now, now.requests(), client, Reason.REQUEST_RATE);
    }

    /** Lets a message in: 0, or the nanoseconds until the client may send its next one. */
    public long tryMessage(Client client) {
        var now = current;
        return take(now, now.messages(), client, Reason.MESSAGE_RATE);
    }

    private long take(Current now, @Nullable ClientBuckets buckets, Client client, Reason reason) {
        if (buckets == null || now.exempt(client)) {
            return 0;
        }
        long wait = buckets.tryTake(client.key());
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
    public int connections(Client client) {
        return open.of(client.key());
    }

    /** Clients that have a connection open. */
    public int clients() {
        return open.clients();
    }
}
