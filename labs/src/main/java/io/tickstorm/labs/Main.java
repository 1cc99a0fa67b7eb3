package io.tickstorm.labs;

import io.tickstorm.labs.stage.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Plays labs: {@code FOLDER NAME...}, or {@code FOLDER all}. Pictures and numbers go into the folder; into pages there, too. */
public final class Main {
    private static final int NOT_UNDERSTOOD = 2;

    private Main() {}

    /** Exits with 0 if all that the labs claim is so, 1 if not. */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length < 2) {
            System.err.println("labs: expected a folder and the name of a lab, one of " + names() + ", or all");
            System.exit(NOT_UNDERSTOOD);
        }
        var folder = Files.createDirectories(Path.of(arguments[0]));
        boolean good = true;
        for (var name :
                arguments[1].equals("all") ? names() : List.of(arguments).subList(1, arguments.length)) {
            good &= play(lab(name), folder);
        }
        System.exit(good ? 0 : 1);
    }

    private static boolean play(Lab lab, Path folder) throws Exception {
        var logs = Files.createTempDirectory("tickstorm-lab-");
        var recording = new Recording();
        System.out.println("== " + lab.name());
        long began = System.nanoTime();
        try (var stage = new Stage(logs, System.out::println)) {
            lab.run(stage, recording);
        }
        System.out.println(
                "   took " + Duration.ofNanos(System.nanoTime() - began).toSeconds() + " s; logs in " + logs);
        var findings = lab.findings(recording);
        findings.forEach(finding -> System.out.println((finding.holds() ? "   yes  " : "   NO   ") + finding.words()));
        write(lab, recording, folder);
        return findings.stream().allMatch(Finding::holds);
    }

    private static void write(Lab lab, Recording recording, Path folder) throws IOException {
        var data = Files.createDirectories(folder.resolve("data"));
        Files.writeString(data.resolve(lab.name() + ".json"), recording.json());
        var picture = folder.resolve(lab.name() + ".svg");
        Files.writeString(picture, lab.picture(recording).svg());
        System.out.println("   drawn in " + picture);
        var page = folder.resolve(lab.name() + ".md");
        if (Files.exists(page)) {
            Files.writeString(page, Page.with(Files.readString(page), lab, recording));
        }
    }

    private static Lab lab(String name) {
        return Labs.ALL.stream()
                .filter(lab -> lab.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("lab " + name + " (expected: one of " + names() + ")"));
    }

    private static List<String> names() {
        return Labs.ALL.stream().map(Lab::name).toList();
    }
}
