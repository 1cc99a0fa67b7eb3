package io.tickstorm.cli.importing.beside;

import io.tickstorm.cli.load.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** HAProxy or nginx, as Debian has it, with an original of docs/migrating whose addresses and ports are free ones of loopback. */
final class Original implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(20);
    private static final Path ORIGINALS = Path.of("../docs/migrating");

    private final Process process;

    private Original(Process process) {
        this.process = process;
    }

    /** The text of an original, with these words in the place of others. */
    static String text(String original, Map<String, String> words) throws IOException {
        var text = Files.readString(ORIGINALS.resolve(original));
        for (var word : words.entrySet()) {
            if (!text.contains(word.getKey())) {
                throw new IllegalArgumentException(original + ": " + word.getKey() + " (expected: to be in it)");
            }
            text = text.replace(word.getKey(), word.getValue());
        }
        return text;
    }

    /** Where a program is; the test is skipped, and says so, where it is not installed. */
    static Path program(String name) {
        var found = List.of("/usr/sbin", "/usr/local/sbin", "/usr/bin").stream()
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
        if (found.isEmpty() && Boolean.getBoolean("peers.required")) {
            throw new AssertionError(name + " is not installed, and peers.required");
        }
        if (found.isEmpty()) {
            System.err.println("skipped: " + name + " beside our proxy (install " + name + ")");
        }
        Assumptions.assumeTrue(found.isPresent(), name + " is not installed");
        return found.orElseThrow();
    }

    static Original haproxy(String text, Path folder, int port) throws Exception {
        var file = Files.writeString(folder.resolve("haproxy.cfg"), text + "\n");
        return start(List.of(program("haproxy").toString(), "-db", "-f", file.toString()), folder, port);
    }

    static Original nginx(String text, Path folder, int port) throws Exception {
        var file = Files.writeString(folder.resolve("nginx.conf"), text);
        var own = "daemon off; pid " + folder.resolve("nginx.pid") + "; error_log stderr;";
        return start(List.of(program("nginx").toString(), "-c", file.toString(), "-g", own), folder, port);
    }

    private static Original start(List<String> command, Path folder, int port) throws Exception {
        var log = folder.resolve("original.log").toFile();
        var original = new Original(new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start());
        try {
            Eventually.within(START, () -> {
                if (!original.process.isAlive()) {
                    throw new IOException(command + " ended: " + Files.readString(log.toPath()));
                }
                return answers(port);
            });
        } catch (Exception | AssertionError e) {
            original.close();
            throw e;
        }
        return original;
    }

    private static boolean answers(int port) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        process.onExit().join();
    }
}
