package io.tickstorm.page;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** A process of ours in a JVM of its own, which can be stopped, let go on and killed. */
final class OwnProcess implements AutoCloseable {
    private final Process process;
    private final MatchResult ready;

    private OwnProcess(Process process, MatchResult ready) {
        this.process = process;
        this.ready = ready;
    }

    /**
     * Starts it and waits for a line.
     *
     * @param line what it says when it is ready
     */
    static OwnProcess start(Class<?> main, Pattern line, String... arguments) throws IOException {
        var command = new ArrayList<String>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx96m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var reader = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        var said = new StringBuilder();
        for (var each = reader.readLine(); each != null; each = reader.readLine()) {
            said.append(each).append('\n');
            var matcher = line.matcher(each);
            if (matcher.find()) {
                Thread.ofVirtual().start(() -> drain(reader));
                return new OwnProcess(process, matcher.toMatchResult());
            }
        }
        throw new IOException(main.getName() + " has ended:\n" + said);
    }

    /** So that it never waits for us to read. */
    private static void drain(BufferedReader reader) {
        try (reader) {
            reader.transferTo(java.io.Writer.nullWriter());
        } catch (IOException e) {
            // It has ended.
        }
    }

    /** A group of the line that it said. */
    String said(String group) {
        return ready.group(group);
    }

    void kill() {
        process.destroyForcibly();
    }

    /** From now on nothing of it runs; the kernel keeps its connections. */
    void stop() throws IOException, InterruptedException {
        signal("STOP");
    }

    void goOn() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        int status = new ProcessBuilder("/bin/sh", "-c", "kill -" + name + " " + process.pid())
                .inheritIO()
                .start()
                .waitFor();
        if (status != 0) {
            throw new IOException("kill -" + name + ": " + status);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
