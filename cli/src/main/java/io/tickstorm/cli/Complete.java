package io.tickstorm.cli;

import io.tickstorm.cli.fleet.Pod;
import io.tickstorm.cli.fleet.Role;
import io.tickstorm.cli.fleet.Site;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import picocli.AutoComplete;
import picocli.CommandLine;

/**
 * What a shell may put in place of the last word. {@code kubectl} asks its plugins for it by a program {@code kubectl_complete-NAME}, with the words so far, and wants a line for each answer and then one with
 * a colon and a number: 4, no names of files; 0, whatever the shell thinks of.
 */
final class Complete {
    private static final String NO_FILES = ":4";
    private static final String FILES = ":0";
    private static final Set<String> PODS = Set.of("why", "drain", "resume", "logs");
    private static final Set<String> CLUSTERS = Set.of("status", "top", "bundle", "promote", "abort", "undo");

    private Complete() {}

    /** @param words after the name of the program; the last one is what is being written, and may be empty */
    static List<String> of(List<String> words) {
        var written = words.isEmpty() ? "" : words.getLast();
        var before = words.isEmpty() ? List.<String>of() : words.subList(0, words.size() - 1);
        var found = new LinkedHashSet<>(known(before, written));
        if (found.isEmpty() && !written.startsWith("-")) {
            found.addAll(names(before, written));
        }
        var lines = new ArrayList<>(found);
        lines.add(before.contains("check") ? FILES : NO_FILES);
        return lines;
    }

    private static List<String> known(List<String> before, String written) {
        var words = Stream.concat(before.stream(), Stream.of(written)).toArray(String[]::new);
        var candidates = new ArrayList<CharSequence>();
        AutoComplete.complete(
                line(before).getCommandSpec(),
                words,
                words.length - 1,
                written.length(),
                String.join(" ", words).length(),
                candidates);
        return candidates.stream()
                .map(rest -> written + rest)
                .map(String::strip)
                // Options are for those who ask for one.
                .filter(word -> word.startsWith("-") == written.startsWith("-"))
                .distinct()
                .sorted()
                .toList();
    }

    private static CommandLine line(List<String> before) {
        return Main.commandLine(Where.tool(), before.isEmpty() ? "" : before.getFirst());
    }

    /** Of what is there now. Somebody who presses a key does not want to read why there is nothing. */
    private static List<String> names(List<String> before, String written) {
        var line = line(before);
        line.getCommandSpec().parser().collectErrors(true);
        CommandLine last = line;
        // The word that is being written stands for what a command may need.
        var words = Stream.concat(before.stream(), Stream.of("word")).toArray(String[]::new);
        for (var parsed : line.parseArgs(words).asCommandLineList()) {
            last = parsed;
        }
        var mixin = last.getCommandSpec().mixins().get("where");
        if (mixin == null || !(mixin.userObject() instanceof Where where)) {
            return List.of();
        }
        try (var place = where.open()) {
            return names(last.getCommandName(), place.sites(null))
                    .filter(name -> name.startsWith(written))
                    .toList();
        } catch (IOException | CommandLine.ParameterException e) {
            return List.of();
        }
    }

    private static Stream<String> names(String command, List<Site> sites) {
        if (PODS.contains(command)) {
            return sites.stream()
                    .flatMap(site -> site.pods().stream())
                    .filter(pod -> pod.role() == Role.BACKEND || command.equals("why") || command.equals("logs"))
                    .map(Pod::name);
        }
        return CLUSTERS.contains(command) ? sites.stream().map(Site::cluster) : Stream.of();
    }

    /** Answers, and has nothing to say about errors. */
    static int run(String[] words) {
        of(Arrays.asList(words)).forEach(System.out::println);
        return Main.DONE;
    }
}
