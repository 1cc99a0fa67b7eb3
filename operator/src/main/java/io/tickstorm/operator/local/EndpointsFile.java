package io.tickstorm.operator.local;

import io.tickstorm.proxy.settings.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What EndpointSlices are in a cluster: which backends there are, and which of them take new work. */
final class EndpointsFile {
    private final Path file;
    private String written = "";

    EndpointsFile(Path file) {
        this.file = file;
    }

    Path path() {
        return file;
    }

    /** Replaces the file as a whole if anything changed: whoever reads it sees the old text or the new one. */
    void write(List<Replica> backends) throws IOException {
        var endpoints = new ArrayList<Map<String, Object>>();
        for (var backend : backends) {
            if (backend.phase() == Phase.READY || (backend.phase().leaving() && backend.wasReady())) {
                endpoints.add(endpoint(backend));
            }
        }
        var text = Yaml.write(Map.of("endpoints", endpoints));
        if (!text.equals(written)) {
            replace(file, text);
            written = text;
        }
    }

    static void replace(Path file, String text) throws IOException {
        var part = file.resolveSibling(file.getFileName() + ".part");
        Files.writeString(part, text);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Map<String, Object> endpoint(Replica backend) {
        var endpoint = new LinkedHashMap<String, Object>();
        endpoint.put("uid", backend.uid());
        endpoint.put("name", backend.name());
        endpoint.put("address", NodePort.LOOPBACK);
        endpoint.put("ports", backend.ports());
        endpoint.put("condition", backend.phase() == Phase.READY ? "ACTIVE" : "DRAINING");
        return endpoint;
    }
}
