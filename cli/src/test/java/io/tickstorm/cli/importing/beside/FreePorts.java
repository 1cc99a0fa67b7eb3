package io.tickstorm.cli.importing.beside;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Ports on which nobody listens, on any address. */
final class FreePorts {
    private FreePorts() {}

    static List<Integer> of(int number) throws IOException {
        var held = new ArrayList<ServerSocket>();
        try {
            for (int i = 0; i < number; i++) {
                held.add(new ServerSocket(0));
            }
            return held.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (var socket : held) {
                socket.close();
            }
        }
    }
}
