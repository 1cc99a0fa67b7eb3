package io.tickstorm.cli.fleet;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A cluster that {@code tickstorm run} or {@code tickstorm demo} keeps on this machine, found by the folder of its state. */
public final class LocalPlace implements Place {
    private static final String STATE = "state.json";
    private static final String FOLDERS = "tickstorm-*";

    private final Path folder;

    private LocalPlace(Path folder) {
        this.folder = folder;
    }

    /** @throws IOException with a message for the user if nothing runs there */
    public static LocalPlace of(Path folder) throws IOException {
        if (!Files.exists(folder.resolve(STATE))) {
            throw new IOException(
                    folder + ": no " + STATE + " (expected: the folder that `tickstorm run` names when it starts)");
        }
        if (!runs(folder)) {
            throw new IOException(folder + ": what kept its state there has ended");
        }
        return new LocalPlace(folder);
    }

    /** The folders of all that runs now and was given no folder. */
    public static List<Path> running() throws IOException {
        var found = new ArrayList<Path>();
        try (var folders = Files.newDirectoryStream(Path.of(System.getProperty("java.io.tmpdir")), FOLDERS)) {
            for (var folder : folders) {
                if (Files.isReadable(folder.resolve(STATE)) && runs(folder)) {
                    found.add(folder);
                }
            }
        }
        found.sort(null);
        return found;
    }

    @Override
    public String words() {
        return "local run " + folder;
    }

    @Override
    public List<Site> sites(@Nullable String cluster) throws IOException {
        var state = state(folder);
        var name = state.getString("cluster", "");
        if (cluster != null && !cluster.equals(name)) {
            throw new IOException("cluster: " + cluster + " (expected: " + name + ", which is what runs here)");
        }
        var pods = state.getJsonArray("processes", new JsonArray()).stream()
                .map(item -> pod((JsonObject) item))
                .toList();
        return List.of(new Site(name, null, pods));
    }

    private static Pod pod(JsonObject process) {
        var phase = process.getString("phase", "");
        var ports = new HashMap<String, Integer>();
        process.getJsonObject("ports", new JsonObject())
                .forEach(port -> ports.put(port.getKey(), ((Number) port.getValue()).intValue()));
        return new Pod(
                process.getString("name", ""),
                process.getString("component", "").equals(Role.PROXY.word()) ? Role.PROXY : Role.BACKEND,
                phase.equals("ready"),
                phase,
                phase.equals("draining") || phase.equals("leaving") || phase.equals("ending"),
                null,
                null,
                process.getInteger("restarts", 0),
                ports,
                List.of());
    }

    @Override
    public Line open(Pod pod, Port port) throws IOException {
        var number = pod.ports().get(port.word());
        if (number == null) {
            throw new IOException("it has no " + port.word() + " port yet");
        }
        return Line.to(URI.create("http://127.0.0.1:" + number));
    }

    @Override
    public InputStream log(Pod pod, LogWish wish) throws IOException {
        return LogFile.open(folder.resolve(pod.name() + ".log"), wish);
    }

    @Override
    public @Nullable String token(Site site) {
        return null;
    }

    @Override
    public void close() {
        // Nothing is held.
    }

    private static boolean runs(Path folder) {
        try {
            var pid = state(folder).getLong("pid", 0L);
            return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
        } catch (IOException e) {
            return false;
        }
    }

    private static JsonObject state(Path folder) throws IOException {
        var file = folder.resolve(STATE);
        try {
            return new JsonObject(Files.readString(file));
        } catch (DecodeException e) {
            throw new IOException(file + ": not the state of a local run: " + e.getMessage(), e);
        }
    }
}
