package io.tickstorm.e2e;

/** The node ports of a {@code TickStormCluster} whose spec is empty. */
final class NodePorts {
    static final int HTTP = 30081;
    static final int TCP = 30080;

    private NodePorts() {}
}
