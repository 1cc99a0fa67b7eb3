package io.tickstorm.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Runs the commands of a file one after the other in this process, a command a line, words parted by blanks. So an AOT cache learns in one run what all of them need; what they say, and how they end, does not
 * matter.
 */
final class Batch {
    private Batch() {}

    static int run(String file) {
        try {
            for (var command : Files.readAllLines(Path.of(file))) {
                if (!command.isBlank()) {
                    Main.run(command.strip().split(" +"));
                }
            }
            return Main.DONE;
        } catch (IOException e) {
            System.err.println("tickstorm: " + Words.of(e));
            return Main.FAILED;
        }
    }
}
