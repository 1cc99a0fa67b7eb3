package io.tickstorm.proxy.http;

import io.tickstorm.proxy.admission.AcceptRate;
import io.tickstorm.proxy.admission.Client;
import io.tickstorm.proxy.admission.ClientLimits;
import io.tickstorm.proxy.admission.ConnectionLimit;
import io.tickstorm.proxy.admission.DrainGate;

/** The limits that a connection passes on its way in. Any thread. */
final class Entrance {
    private final AcceptRate accepting;
    private final ConnectionLimit connections;
    private final ClientLimits clients;
    private final DrainGate gate;

    Entrance(AcceptRate accepting, ConnectionLimit connections, ClientLimits clients, DrainGate gate) {
        this.accepting = accepting;
        this.connections = connections;
        this.clients = clients;
        this.gate = gate;
    }

    AcceptRate accepting() {
        return accepting;
    }

    ConnectionLimit connections() {
        return connections;
    }

    /** Whether a client may have one more connection; the caller calls {@link #left} when that has closed. */
    boolean meet(Client from) {
        return clients.tryConnect(from);
    }

    void left(Client from) {
        clients.disconnected(from);
    }

    /** Lets a connection in; the caller calls {@link #leave} when it has closed. False: it is to be closed at once. */
    boolean enter() {
        if (!accepting.tryAccept() || !connections.tryAcquire()) {
            return false;
        }
        if (gate.enter()) {
            return true;
        }
        connections.release();
        return false;
    }

    void leave() {
        connections.release();
        gate.exit();
    }
}
