package io.tickstorm.cli;

import java.io.IOException;

/** Ends this process when standard input ends: a pipe that the kernel closes with the process that holds its other end. */
final class Parent {
    private static final int ABANDONED = 1;

    private Parent() {}

    static void exitWithIt() {
        Thread.ofPlatform().daemon().name("parent").start(() -> {
            try {
                while (System.in.read() >= 0) {
                    // Nobody says anything; only the end counts.
                }
            } catch (IOException e) {
                // As good as the end.
            }
            // Whoever waited for an orderly end is gone.
            Runtime.getRuntime().halt(ABANDONED);
        });
    }
}
