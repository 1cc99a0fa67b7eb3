package io.tickstorm.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.HelpCommand;

/** What can be typed after the name of the program, in the order of its help. */
final class Commands {
    /** @param ofMachine whether it runs something on this machine, which is not what a plugin of kubectl is for */
    private record Entry(String name, Class<?> command, boolean ofMachine) {}

    private static final List<Entry> ALL = List.of(
            ofMachine("proxy", ProcessCommands.Proxy.class),
            ofMachine("operator", ProcessCommands.Operator.class),
            ofMachine("backend", ProcessCommands.Backend.class),
            anywhere("status", StatusCommand.class),
            anywhere("top", TopCommand.class),
            anywhere("why", WhyCommand.class),
            anywhere("drain", MoveCommands.Drain.class),
            anywhere("resume", MoveCommands.Resume.class),
            anywhere("rollout", RolloutCommand.class),
            anywhere("logs", LogsCommand.class),
            anywhere("bundle", BundleCommand.class),
            anywhere("check", CheckCommand.class),
            ofMachine("run", RunCommand.class),
            anywhere("import", ImportCommand.class),
            ofMachine("load", LoadCommand.class),
            ofMachine("sim", SimCommand.class),
            ofMachine("demo", DemoCommand.class),
            anywhere("completion", CompletionCommand.class),
            anywhere("version", VersionCommand.class),
            anywhere("help", HelpCommand.class));

    private Commands() {}

    /**
     * Adds the command of this name, and only it: to read what all of them take, by reflection, is most of what a short
     * command costs. Adds all of them if none has the name, so that help lists them and a mistyped one is suggested.
     */
    static void add(CommandLine line, String name, boolean plugin) {
        var there = ALL.stream().filter(entry -> !(plugin && entry.ofMachine())).toList();
        var named = there.stream().filter(entry -> entry.name().equals(name)).toList();
        // Help describes the others.
        var wanted = named.isEmpty() || name.equals("help") ? there : named;
        wanted.forEach(entry -> line.addSubcommand(entry.name(), entry.command()));
    }

    private static Entry ofMachine(String name, Class<?> command) {
        return new Entry(name, command, true);
    }

    private static Entry anywhere(String name, Class<?> command) {
        return new Entry(name, command, false);
    }
}
