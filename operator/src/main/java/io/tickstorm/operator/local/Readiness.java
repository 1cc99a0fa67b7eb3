package io.tickstorm.operator.local;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Probe;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a replica is asked whether it can take traffic, as a kubelet asks.
 *
 * @param port the name of the port that is asked
 * @param path for an HTTP GET, which must be answered with 200 to 399; null to ask only for a TCP connection
 * @param period between two questions once the replica is ready
 * @param failures in a row that make a ready replica unready
 */
record Readiness(String port, @Nullable String path, Duration period, Duration timeout, int failures) {
    private static final int LONGEST_STATUS_LINE = 256;

    static Readiness of(Probe probe, Map<String, Integer> ports) {
        var http = probe.getHttpGet();
        return new Readiness(
                name(http == null ? probe.getTcpSocket().getPort() : http.getPort(), ports),
                http == null ? null : requireNonNullElse(http.getPath(), "/"),
                Duration.ofSeconds(requireNonNullElse(probe.getPeriodSeconds(), 10)),
                Duration.ofSeconds(requireNonNullElse(probe.getTimeoutSeconds(), 1)),
                requireNonNullElse(probe.getFailureThreshold(), 3));
    }

    /** Asks once; blocks. A replica that does not answer in time is not ready. */
    boolean ask(Map<String, Integer> bound) {
        var number = bound.get(port);
        if (number == null) {
            return false;
        }
        try (var socket = new Socket()) {
            var millis = Math.toIntExact(timeout.toMillis());
            socket.setSoTimeout(millis);
            socket.connect(new InetSocketAddress(NodePort.LOOPBACK, number), millis);
            return path == null || answersWell(socket, path);
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean answersWell(Socket socket, String path) throws IOException {
        var request = "GET " + path + " HTTP/1.1\r\nHost: " + NodePort.LOOPBACK + "\r\nConnection: close\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(ISO_8859_1));
        var line = new StringBuilder();
        var in = socket.getInputStream();
        for (int c = in.read(); c >= 0 && c != '\n' && line.length() < LONGEST_STATUS_LINE; c = in.read()) {
            line.append((char) c);
        }
        return line.toString().matches("HTTP/1\\.[01] [23]\\d\\d.*\\s*");
    }

    private static String name(IntOrString port, Map<String, Integer> ports) {
        if (port.getStrVal() != null) {
            return port.getStrVal();
        }
        return ports.entrySet().stream()
                .filter(entry -> entry.getValue().equals(port.getIntVal()))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("");
    }
}
