package io.tickstorm.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Runs commands in this process, and keeps what the last one said. */
public final class Launcher {
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private final ByteArrayOutputStream complained = new ByteArrayOutputStream();

    /** @return its exit code */
    public int run(String... arguments) {
        said.reset();
        complained.reset();
        var out = System.out;
        var err = System.err;
        System.setOut(new PrintStream(said, true, StandardCharsets.US_ASCII));
        System.setErr(new PrintStream(complained, true, StandardCharsets.UTF_8));
        try {
            return Main.run(arguments);
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    public String said() {
        return said.toString(StandardCharsets.UTF_8);
    }

    public String complained() {
        return complained.toString(StandardCharsets.UTF_8);
    }
}
