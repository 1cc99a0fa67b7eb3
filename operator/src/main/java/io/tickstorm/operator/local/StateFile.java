package io.tickstorm.operator.local;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.TreeMap;

/** {@code state.json}: what runs, for scripts. */
final class StateFile {
    private final Path file;
    private String written = "";

    StateFile(Path folder) {
        this.file = folder.resolve("state.json");
    }

    void write(LocalStatus status) throws IOException {
        var processes = new JsonArray();
        for (var replica : status.replicas()) {
            processes.add(new JsonObject()
                    .put("name", replica.name())
                    .put("component", replica.component().word())
                    .put("phase", replica.phase().name().toLowerCase(Locale.ROOT))
                    .put("current", replica.current())
                    .put("pid", replica.pid())
                    .put("ports", new JsonObject(new TreeMap<>(replica.ports())))
                    .put("restarts", replica.restarts()));
        }
        var text = new JsonObject()
                .put("cluster", status.cluster())
                .put("pid", ProcessHandle.current().pid())
                .put("settled", status.settled())
                .put("nodePorts", new JsonObject(new TreeMap<>(status.nodePorts())))
                .put("processes", processes)
                .encodePrettily();
        if (!text.equals(written)) {
            EndpointsFile.replace(file, text + "\n");
            written = text;
        }
    }
}
