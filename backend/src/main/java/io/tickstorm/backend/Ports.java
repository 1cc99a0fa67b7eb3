package io.tickstorm.backend;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The ports that a backend has bound, 1..65535 each. */
record Ports(int http, int tcp, int health, int metrics) {
    /** Writes {@code file} as a whole: whoever sees it can read all of it. Blocks. */
    void write(Path file, String instanceId, long pid) throws IOException {
        var json = new JsonObject()
                .put("instance_id", instanceId)
                .put("pid", pid)
                .put("http", http)
                .put("tcp", tcp)
                .put("health", health)
                .put("metrics", metrics);
        var whole = file.toAbsolutePath();
        var part = whole.resolveSibling(whole.getFileName() + "." + pid + ".part");
        Files.writeString(part, json.encode() + "\n");
        Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
