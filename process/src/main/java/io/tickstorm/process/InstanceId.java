package io.tickstorm.process;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.function.Supplier;

/** The name by which this process is told from its siblings in logs, probes and answers. */
public final class InstanceId {
    private InstanceId() {}

    /** {@code INSTANCE_ID} of the environment, else {@code <host name>-<pid>}. The same for the whole life of the process. */
    public static String current() {
        return of(
                System.getenv(), InstanceId::localHost, ProcessHandle.current().pid());
    }

    static String of(Map<String, String> environment, Supplier<String> localHost, long pid) {
        var given = environment.getOrDefault("INSTANCE_ID", "").strip();
        if (!given.isEmpty()) {
            return given;
        }
        // A pod's HOSTNAME is its name; asking the resolver could wait for a name server.
        var host = environment.getOrDefault("HOSTNAME", "").strip();
        return (host.isEmpty() ? localHost.get() : host) + "-" + pid;
    }

    private static String localHost() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
