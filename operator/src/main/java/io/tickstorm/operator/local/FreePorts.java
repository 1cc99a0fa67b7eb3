package io.tickstorm.operator.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Ports on loopback that nobody has. */
final class FreePorts {
    private FreePorts() {}

    /**
     * One port for each name. Somebody else may take one before our process binds it; that process then ends, and is
     * started again with others.
     */
    static Map<String, Integer> take(Set<String> names) throws IOException {
        var sockets = new ArrayList<ServerSocket>();
        try {
            var ports = new LinkedHashMap<String, Integer>();
            for (var name : names) {
                // All are held until the last is found: otherwise two names could get the same one.
                var socket = new ServerSocket(0, 1, InetAddress.ofLiteral(NodePort.LOOPBACK));
                sockets.add(socket);
                ports.put(name, socket.getLocalPort());
            }
            return ports;
        } finally {
            for (var socket : sockets) {
                socket.close();
            }
        }
    }
}
