package io.tickstorm.cli;

import io.tickstorm.cli.fleet.Fleet;
import io.tickstorm.cli.show.Style;
import io.tickstorm.cli.show.Top;
import io.tickstorm.cli.show.TopText;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tickstorm top}. */
@Command(
        description = {
            "Show what runs where, live.",
            "Requests, failures and retries per second, in-flight as a bar, each pod's share beside its fair one, p99 of the"
                    + " last minute over all proxies; again and again until Ctrl-C. Where nobody watches, and with -o json or"
                    + " yaml, it ends after one table."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:the clusters cannot be read", "2:the command line is wrong", "130:ended by Ctrl-C"
        })
final class TopCommand implements Callable<Integer> {
    private static final String HOME_AND_CLEAR = "\u001b[H\u001b[J";
    private static final String HIDE_CURSOR = "\u001b[?25l";
    private static final String SHOW_CURSOR = "\u001b[?25h";

    /** Pods of a backend on one screen; the others are less busy. */
    private static final int ROWS = 20;

    @Mixin
    private Clusters clusters = new Clusters();

    @Option(
            names = "--every",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            defaultValue = "2s",
            description = "Time between looks (${DEFAULT-VALUE}).")
    private Duration every = Duration.ofSeconds(2);

    @Option(names = "--count", paramLabel = "N", description = "End after N tables.")
    private int count;

    @Mixin
    private Where where = new Where();

    @Mixin
    private Form form = new Form();

    @Override
    public Integer call() throws IOException, InterruptedException {
        var style = Form.style();
        var live = form.text() && style.width() < Integer.MAX_VALUE && count == 0;
        if (live) {
            System.out.print(HIDE_CURSOR);
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
                System.out.print(SHOW_CURSOR);
                System.out.flush();
            }));
        }
        try (var open = where.ask()) {
            var before = look(open);
            var at = System.nanoTime();
            for (int table = 1; ; table++) {
                TimeUnit.NANOSECONDS.sleep(Math.max(1, every.toNanos()));
                var now = look(open);
                var then = System.nanoTime();
                var seconds = (then - at) / 1e9;
                System.out.print((live ? HOME_AND_CLEAR : "") + write(before, now, seconds, style));
                System.out.flush();
                if (!live && table >= Math.max(1, count)) {
                    return Main.DONE;
                }
                before = now;
                at = then;
            }
        }
    }

    private List<Fleet> look(Opened open) throws IOException, InterruptedException {
        var fleets = new ArrayList<Fleet>();
        for (var site : clusters.of(open.place())) {
            fleets.add(open.calls().look(site));
        }
        return fleets;
    }

    private String write(List<Fleet> before, List<Fleet> now, double seconds, Style style) {
        var tables = new ArrayList<String>();
        var trees = new ArrayList<Map<String, Object>>();
        for (var fleet : now) {
            var former = before.stream()
                    .filter(one -> one.cluster().equals(fleet.cluster()))
                    .findFirst()
                    .orElse(fleet);
            var top = Top.between(former, fleet, seconds);
            tables.add(TopText.of(fleet, top, style, ROWS));
            trees.add(top.tree(fleet, seconds));
        }
        return form.text() ? String.join("\n", tables) : form.output().write(Map.of("clusters", trees));
    }
}
