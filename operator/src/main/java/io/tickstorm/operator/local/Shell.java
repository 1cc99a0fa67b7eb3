package io.tickstorm.operator.local;

import java.util.ArrayList;
import java.util.List;

/** Wraps the command lines of replicas, so that they outlive neither this process nor a Ctrl-C that is meant for it. */
final class Shell {
    /**
     * Ctrl-C reaches every process of the terminal at once. Replicas are told to end in order, by SIGTERM, and an ignored
     * signal stays ignored across exec.
     */
    private static final String DEAF = "trap '' INT; exec \"$@\"";

    /**
     * Runs $1, a simple command, and ends it when standard input ends: that is a pipe from this process, and the kernel
     * closes it however this process ends. SIGTERM is handed on; the exit code is the command's.
     */
    private static final String GUARD = """
            trap '' INT
            exec 3<&0 </dev/null
            sh -c "exec $1" 3<&- &
            child=$!
            trap 'kill -TERM $child 2>/dev/null' TERM
            (cat <&3 >/dev/null; kill -KILL $child) 2>/dev/null &
            watch=$!
            exec 3<&-
            wait $child
            code=$?
            while kill -0 $child 2>/dev/null; do wait $child; code=$?; done
            kill $watch 2>/dev/null
            exit $code
            """;

    private Shell() {}

    /** A command line of ours, which watches its standard input itself. */
    static List<String> deaf(List<String> command) {
        var line = new ArrayList<>(List.of("/bin/sh", "-c", DEAF, "tickstorm"));
        line.addAll(command);
        return line;
    }

    /** A user's command, with variables and quotes as the shell has them. */
    static List<String> guarded(String command) {
        return List.of("/bin/sh", "-c", GUARD, "tickstorm", command);
    }
}
