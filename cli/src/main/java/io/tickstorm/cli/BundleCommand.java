package io.tickstorm.cli;

import io.tickstorm.cli.bundle.Archive;
import io.tickstorm.cli.bundle.Bundle;
import io.tickstorm.cli.bundle.Cleaner;
import io.tickstorm.cli.kube.KubeBundle;
import io.tickstorm.cli.kube.KubePlace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tickstorm bundle}. */
@Command(
        description = {
            "Write all that a bug report needs into one archive, without secrets.",
            "Resource, objects, events, logs, what each proxy tells of its state, configuration and metrics, and versions."
                    + " Secrets are never read; values of environment variables, and what looks like a password, token, key or"
                    + " cookie, are removed. What may not be read is named and left out. Names, addresses and paths stay: look"
                    + " through it before you give it to somebody."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:written, with everything in it",
            "1:nothing could be read, or the file could not be written",
            "2:the command line is wrong",
            "3:written; what is missing is named"
        })
final class BundleCommand implements Callable<Integer> {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    @Mixin
    private Clusters clusters = new Clusters();

    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "What to write, and nothing that is there already; tickstorm-bundle-TIME.tar.gz without it.")
    private @Nullable Path file;

    @Option(
            names = "--log-lines",
            paramLabel = "N",
            defaultValue = "5000",
            description = "Lines of each log at most (${DEFAULT-VALUE}).")
    private int lines = 5000;

    @Option(
            names = "--operator-namespace",
            paramLabel = "NAMESPACE",
            defaultValue = "tickstorm-system",
            description = "Where the operator runs (${DEFAULT-VALUE}).")
    private String operatorNamespace = "tickstorm-system";

    @Mixin
    private Where where = new Where();

    @Mixin
    private Form form = new Form();

    @Override
    public Integer call() throws IOException, InterruptedException {
        var now = Instant.now();
        var cleaner = new Cleaner();
        cleaner.know(System.getenv("TICKSTORM_ADMIN_TOKEN"));
        var bundle = new Bundle(cleaner, lines);
        try (var open = where.ask()) {
            var place = open.place();
            var sites = clusters.of(place);
            for (var site : sites) {
                bundle.add(place, open.calls(), site, Where.tool());
            }
            if (place instanceof KubePlace kube) {
                var more = new KubeBundle(kube, operatorNamespace);
                more.add(bundle, cleaner, lines);
                for (var site : sites) {
                    more.add(bundle, site.cluster());
                }
            }
            bundle.tree("versions.json", versions(place.words()));
        }
        var stamp = "tickstorm-bundle-" + STAMP.format(now);
        var target = file == null ? Path.of(stamp + ".tar.gz") : file;
        try (var out = Files.newOutputStream(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            Archive.write(out, stamp, bundle.files(), now);
        }
        tell(target, bundle);
        return bundle.missing().isEmpty() ? Main.DONE : Main.NOT_WELL;
    }

    private static Map<String, Object> versions(String place) {
        var versions = new LinkedHashMap<String, Object>();
        versions.put("tickstorm", List.of(new VersionCommand.Text().getVersion()));
        versions.put("place", place);
        return versions;
    }

    private void tell(Path target, Bundle bundle) throws IOException {
        if (form.text()) {
            System.out.printf(
                    "%s: %,d bytes; look through it before you give it to somebody%n", target, Files.size(target));
            bundle.missing().forEach((name, why) -> System.out.println("  not in it: " + name + ": " + why));
            return;
        }
        var tree = new LinkedHashMap<String, Object>();
        tree.put("file", target.toString());
        tree.put("bytes", Files.size(target));
        tree.put("files", List.copyOf(bundle.files().keySet()));
        tree.put("missing", bundle.missing());
        System.out.print(form.output().write(tree));
    }
}
