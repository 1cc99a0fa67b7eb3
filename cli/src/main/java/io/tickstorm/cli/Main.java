package io.tickstorm.cli;

import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The launcher. Long-running processes are started without the command line library; every other command loads only what
 * it needs.
 */
@Command(
        name = Main.NAME,
        description = "Tick-Storm Balancer: a load balancer for HTTP and TCP, its operator, and tools around them.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.Text.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done; for check: no problem; for load and demo: no failure",
            "1:failed: what had to be done could not be done, or requests failed",
            "2:not understood: the command line, or a file that has problems",
            "3:done, and not all is well, or only a part could be done; the answer says what",
            "130:interrupted by a second Ctrl-C"
        },
        footer = "%nEach command has a --help of its own.")
public final class Main implements Callable<Integer> {
    static final String NAME = "tickstorm";

    static final int DONE = 0;
    static final int FAILED = 1;
    static final int NOT_UNDERSTOOD = 2;
    /** What was looked at is not as it should be, or only a part of it answered. */
    static final int NOT_WELL = 3;

    /** What {@code kubectl_complete-tickstorm} asks. */
    static final String COMPLETE = "__complete";

    /** What trains the AOT cache of the launcher. */
    static final String BATCH = "__batch";

    /** First argument of a process that shall not outlive whoever holds the other end of its standard input. */
    static final String EXIT_WITH_PARENT = "--exit-with-parent";

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    /** Runs one command and exits with its code. */
    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    static int run(String[] arguments) {
        if (arguments.length > 0 && arguments[0].equals(EXIT_WITH_PARENT)) {
            Parent.exitWithIt();
            return run(Arrays.copyOfRange(arguments, 1, arguments.length));
        }
        var process = arguments.length == 0 ? null : process(arguments[0]);
        return process == null
                ? commandLine(Where.tool(), arguments.length == 0 ? "" : arguments[0])
                        .execute(arguments)
                : process.applyAsInt(Arrays.copyOfRange(arguments, 1, arguments.length));
    }

    /** @param tool what the program is called; as a plugin of kubectl it has only what is about clusters */
    static CommandLine commandLine(String tool) {
        return commandLine(tool, "");
    }

    /** @param word the first word after the program's name; if it names a command, that one alone is there */
    static CommandLine commandLine(String tool, String word) {
        var line = new CommandLine(new Main()).setCommandName(tool);
        var plugin = !tool.equals(NAME);
        if (plugin) {
            line.getCommandSpec().usageMessage().description("Look after Tick-Storm clusters and their proxies.");
        }
        Commands.add(line, word, plugin);
        return line.setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, command, parsed) -> {
                    command.getErr().println("tickstorm: " + Words.of(failure));
                    return FAILED;
                });
    }

    @Override
    public Integer call() {
        if (spec != null) {
            spec.commandLine().usage(System.err);
        }
        return NOT_UNDERSTOOD;
    }

    /** The processes read their own arguments; a class is loaded when its lambda is called. */
    private static @Nullable ToIntFunction<String[]> process(String command) {
        return switch (command) {
            case "proxy" -> arguments -> io.tickstorm.proxy.Main.run(arguments);
            case "operator" -> arguments -> io.tickstorm.operator.Main.run(arguments);
            case "backend" -> arguments -> io.tickstorm.backend.Main.run(arguments);
            case COMPLETE -> Complete::run;
            case BATCH -> arguments -> Batch.run(arguments[0]);
            default -> null;
        };
    }
}
