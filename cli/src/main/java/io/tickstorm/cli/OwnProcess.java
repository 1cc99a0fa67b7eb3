package io.tickstorm.cli;

import io.tickstorm.operator.desired.Component;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The command line that starts this program again, as another process. */
public final class OwnProcess {
    /** Handles some thousand connections; Netty's buffers take as much again at most. */
    private static final String HEAP = "-Xmx96m";

    private OwnProcess() {}

    /** A process of {@code component} that ends with this one. */
    static List<String> of(Component component) {
        return of(component.word());
    }

    /** A process of a command such as {@code proxy} that ends when its standard input does: with this one, however that ends. */
    public static List<String> of(String command) {
        var line = new ArrayList<String>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        line.addAll(List.of(
                HEAP,
                "-XX:+UseSerialGC",
                "-XX:+UseCompactObjectHeaders",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
        var cache = System.getProperty("tickstorm.aot", "");
        if (!cache.isEmpty() && Files.exists(Path.of(cache))) {
            line.add("-XX:AOTCache=" + cache);
        }
        line.addAll(options());
        line.add("-cp");
        line.add(System.getProperty("java.class.path"));
        line.addAll(List.of(Main.class.getName(), Main.EXIT_WITH_PARENT, command));
        return line;
    }

    private static List<String> options() {
        var given = Objects.requireNonNullElse(System.getenv("TICKSTORM_JAVA_OPTS"), "")
                .strip();
        return given.isEmpty() ? List.of() : List.of(given.split("\\s+"));
    }
}
