package io.tickstorm.cli;

import io.tickstorm.cli.fleet.Finding;
import io.tickstorm.cli.fleet.Findings;
import io.tickstorm.cli.fleet.Fleet;
import io.tickstorm.cli.show.StatusText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tickstorm status}. */
@Command(
        description = {
            "Show a cluster as a tree, what is wrong with it, and what to do.",
            "Resource, proxies, backends and pods, summed over all proxies. A proxy that does not answer is named, and no sum"
                    + " pretends to have it."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:all is well",
            "1:the clusters cannot be read",
            "2:the command line is wrong",
            "3:something is wrong, as the answer says"
        })
final class StatusCommand implements Callable<Integer> {
    @Mixin
    private Clusters clusters = new Clusters();

    @Mixin
    private Where where = new Where();

    @Mixin
    private Form form = new Form();

    private record Seen(Fleet fleet, List<Finding> findings) {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        var seen = new ArrayList<Seen>();
        try (var open = where.ask()) {
            for (var site : clusters.of(open.place())) {
                var fleet = open.calls().look(site);
                seen.add(new Seen(fleet, Findings.of(fleet, Where.tool())));
            }
        }
        System.out.print(form.text() ? text(seen) : form.output().write(tree(seen)));
        System.out.flush();
        return seen.stream().flatMap(one -> one.findings().stream()).anyMatch(Finding::counts)
                ? Main.NOT_WELL
                : Main.DONE;
    }

    private static String text(List<Seen> seen) {
        var style = Form.style();
        return String.join(
                "\n",
                seen.stream()
                        .map(one -> StatusText.of(one.fleet(), one.findings(), style))
                        .toList());
    }

    private static Map<String, Object> tree(List<Seen> seen) {
        return Map.of(
                "clusters",
                seen.stream().map(one -> one.fleet().tree(one.findings())).toList());
    }
}
