package io.tickstorm.proxy.tcp;

import io.netty.channel.Channel;
import io.netty.channel.IoEventLoop;
import io.netty.channel.socket.SocketChannel;
import io.tickstorm.proxy.transport.Transport;
import io.tickstorm.proxy.transport.splice.Pipe;
import io.tickstorm.proxy.transport.splice.RawSocket;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A session whose bytes the kernel moves, as long as they pour. Both channels leave their event loop, which then watches the bare
 * sockets; they stay the owners of these, and write what they had still to write. When it no longer pours, the channels come back.
 * On the event loop of the session. The decision: docs/adr/0011.
 */
final class Spliced implements RawSocket.Owner {
    /** How long it must not pour before the channels come back. */
    private static final long LOOK_EVERY_MILLIS = 1_000;

    private enum State {
        /** The channels are leaving the loop. */
        LEAVING,
        MOVING,
        /** Nothing more is taken in; the channels come back when the pipes are empty. */
        EMPTYING,
        OVER
    }

    private final TcpSession session;
    private final IoEventLoop loop;
    private final RawSocket client;
    private final RawSocket upstream;
    private final Flow inwards;
    private final Flow outwards;

    private State state = State.LEAVING;
    private int left;
    private @Nullable Future<?> timer;
    private long moved;
    private int transfers;

    private Spliced(
            TcpSession session,
            IoEventLoop loop,
            SocketChannel client,
            Direction inwards,
            Pipe in,
            SocketChannel upstream,
            Direction outwards,
            Pipe out) {
        this.session = session;
        this.loop = loop;
        this.client = new RawSocket(client, this);
        this.upstream = new RawSocket(upstream, this);
        this.inwards = new Flow(this, inwards, this.client, this.upstream, in);
        this.outwards = new Flow(this, outwards, this.upstream, this.client, out);
    }

    /** Takes a session over from its channels; null where that cannot be, for now or at all. */
    static @Nullable Spliced begin(
            TcpSession session,
            Sessions sessions,
            SocketChannel client,
            Direction inwards,
            SocketChannel upstream,
            Direction outwards) {
        if (sessions.transport != Transport.EPOLL || !bare(client) || !bare(upstream)) {
            return null;
        }
        var in = sessions.pipes.open();
        if (in == null) {
            return null;
        }
        var out = sessions.pipes.open();
        if (out == null) {
            in.close();
            return null;
        }
        sessions.spliced.increment();
        var loop = (IoEventLoop) client.eventLoop();
        var spliced = new Spliced(session, loop, client, inwards, in, upstream, outwards, out);
        inwards.handOver();
        outwards.handOver();
        client.deregister().addListener(done -> spliced.left());
        upstream.deregister().addListener(done -> spliced.left());
        return spliced;
    }

    /** Whether what is in the socket is what the session relays: no TLS. */
    private static boolean bare(SocketChannel channel) {
        return channel.pipeline().first() instanceof Wire;
    }

    private void left() {
        if (++left == 2 && state == State.LEAVING) {
            state = State.MOVING;
            look();
            client.register(loop);
            if (moving()) {
                upstream.register(loop);
            }
            if (moving()) {
                inwards.begin();
                outwards.begin();
            }
        }
    }

    /** One of the channels is about to be closed before the other one. */
    void stop(Channel channel) {
        (channel == client.channel() ? client : upstream).cancel();
    }

    /** The session ends. What is in the pipes is lost. */
    void stop() {
        state = State.OVER;
        if (timer != null) {
            timer.cancel(false);
        }
        client.cancel();
        upstream.cancel();
        inwards.close();
        outwards.close();
    }

    @Override
    public void ready(RawSocket socket) {
        inwards.pump();
        outwards.pump();
        comeBack();
    }

    @Override
    public void broken(RawSocket socket) {
        if (state != State.OVER) {
            session.broken(socket.channel());
        }
    }

    /** Whether more may be taken in. */
    boolean moving() {
        return state == State.MOVING;
    }

    boolean over() {
        return state == State.OVER;
    }

    /** Whether these bytes, which the kernel has taken in already, may pass. */
    boolean admits(Direction direction, long bytes) {
        if (!session.admits(direction)) {
            return false;
        }
        direction.moved(bytes);
        session.touched();
        moved += bytes;
        transfers++;
        return true;
    }

    void drained() {
        session.touched();
    }

    /** On its turn, after others had theirs. */
    void later(Flow flow) {
        loop.execute(() -> {
            flow.again();
            comeBack();
        });
    }

    private void look() {
        timer = loop.schedule(
                () -> {
                    if (transfers > 0 && moved / transfers >= Direction.LARGE) {
                        moved = 0;
                        transfers = 0;
                        look();
                    } else {
                        empty();
                    }
                },
                LOOK_EVERY_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    /** Begins to give the session back to its channels. */
    void empty() {
        if (state == State.MOVING) {
            state = State.EMPTYING;
            comeBack();
        }
    }

    /** Gives the session back, if it is time; not where one connection is closed already and the other is told the rest. */
    private void comeBack() {
        if (state == State.EMPTYING
                && inwards.empty()
                && outwards.empty()
                && client.channel().isOpen()
                && upstream.channel().isOpen()) {
            stop();
            session.unspliced();
            var ours = client.channel();
            var theirs = upstream.channel();
            ours.eventLoop().register(ours).addListener(done -> back(done.isSuccess(), ours));
            theirs.eventLoop().register(theirs).addListener(done -> back(done.isSuccess(), theirs));
        }
    }

    private void back(boolean well, Channel channel) {
        if (!well) {
            session.broken(channel);
        } else if (--left == 0) {
            inwards.resume();
            outwards.resume();
        }
    }
}
