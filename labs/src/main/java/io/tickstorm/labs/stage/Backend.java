package io.tickstorm.labs.stage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A process of the reference backend. */
public final class Backend extends Child implements Listening {
    private final int httpPort;
    private final int tcpPort;

    Backend(String name, Path folder, int[] ports, List<String> flags) throws IOException {
        super(
                name,
                folder,
                ports[2],
                "backend",
                arguments(ports, flags),
                Map.of("INSTANCE_ID", name, "POD_NAME", name));
        this.httpPort = ports[0];
        this.tcpPort = ports[1];
    }

    @Override
    public int port() {
        return httpPort;
    }

    public int tcpPort() {
        return tcpPort;
    }

    private static List<String> arguments(int[] ports, List<String> flags) {
        var arguments = new ArrayList<>(List.of("--address", Stage.LOOPBACK));
        var names = List.of("--http-port", "--tcp-port", "--health-port", "--metrics-port");
        for (int i = 0; i < names.size(); i++) {
            arguments.add(names.get(i));
            arguments.add(Integer.toString(ports[i]));
        }
        arguments.addAll(flags);
        return arguments;
    }
}
