package io.tickstorm.cli;

import io.tickstorm.cli.load.Latency;
import io.tickstorm.cli.load.Load;
import io.tickstorm.cli.load.LoadPlan;
import io.tickstorm.cli.load.LoadReport;
import io.tickstorm.cli.load.Running;
import io.tickstorm.cli.load.StreamPlan;
import io.tickstorm.cli.load.StreamReport;
import io.tickstorm.operator.desired.Component;
import io.tickstorm.operator.local.LocalCluster;
import io.tickstorm.operator.local.LocalStatus;
import io.tickstorm.operator.local.Phase;
import io.tickstorm.operator.local.ReplicaStatus;
import java.io.IOException;
import java.io.Serial;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The story that the demo tells, and its numbers. */
final class Demo {
    private static final double RATE = 600;
    private static final int CONNECTIONS = 48;
    private static final int SUBSCRIPTIONS = 8;

    /**
     * A POST that a killed server was working on may have been done, so nobody may send it again: it is lost with the
     * server, and the client is told (502). What kill -9 shows here is therefore shown with GET.
     */
    private static final double POST_SHARE = 0;

    private static final Duration LONGER_THAN_ANY_DEMO = Duration.ofHours(1);
    /** What a JVM runs for the first time it runs slowly; five of them at once on a small machine, very slowly. */
    private static final double WARM_UP_RATE = 100;

    private static final Duration WARM_UP = Duration.ofSeconds(3);
    private static final Duration STEADY = Duration.ofSeconds(4);
    private static final Duration AFTERMATH = Duration.ofSeconds(2);
    /** The drain delay of the sample, in which HTTP clients are told to close, and some more. */
    private static final Duration MOVE = Duration.ofSeconds(7);

    private static final Duration STEP_LIMIT = Duration.ofSeconds(60);
    private static final Duration LIVE = Duration.ofMillis(500);

    private final LocalCluster local;
    private final Terminal terminal;
    private final Path file;
    private final String text;
    private final List<Chapter> chapters = new ArrayList<>();

    /**
     * A part of the story.
     *
     * @param fromSecond of the load, as are the report's
     */
    private record Chapter(String title, int fromSecond) {}

    /** Something that the demo waits for does not happen. */
    static final class Stuck extends Exception {
        @Serial
        private static final long serialVersionUID = 1L;

        Stuck(String message) {
            super(message);
        }
    }

    Demo(LocalCluster local, Terminal terminal, Path file, String text) {
        this.local = local;
        this.terminal = terminal;
        this.file = file;
        this.text = text;
    }

    /** @return how many requests failed, and batches were missed */
    long run() throws IOException, InterruptedException, Stuck {
        terminal.say("== " + file);
        terminal.say(text.strip());
        terminal.say("");
        await("ready", LocalStatus::settled);
        var status = local.status();
        terminal.say("== Running, without a cluster: "
                + Counts.of(status.of(Component.BACKEND).size(), "backend") + ", "
                + Counts.of(status.of(Component.PROXY).size(), "proxy", "proxies"));
        status.replicas()
                .forEach(replica ->
                        terminal.say("   %-22s pid %-8d %s".formatted(replica.name(), replica.pid(), replica.ports())));
        LivePages.of(status).forEach(terminal::say);
        var http = LoadPlan.to("http://127.0.0.1:" + port("http") + "/")
                .rate(RATE)
                .connections(CONNECTIONS)
                .postShare(POST_SHARE)
                .duration(LONGER_THAN_ANY_DEMO);
        var feed = StreamPlan.to("tickstorm://127.0.0.1:" + port("tcp"), "demo", "demo")
                .subscriptions(SUBSCRIPTIONS)
                .duration(LONGER_THAN_ANY_DEMO);
        terminal.say("");
        terminal.say("== Warming up: %.0f requests/s for %d s".formatted(WARM_UP_RATE, WARM_UP.toSeconds()));
        var warmUp = Load.run(http.rate(WARM_UP_RATE).duration(WARM_UP));
        terminal.say("== Traffic: %.0f GET requests/s on %d keep-alive connections, never retried by the client;"
                .formatted(RATE, CONNECTIONS));
        terminal.say("   and " + SUBSCRIPTIONS + " Tick-Storm subscriptions");
        try (var requests = Load.start(http);
                var streams = Load.start(feed)) {
            tell(requests);
            var streamReport = streams.stop();
            return table(warmUp, requests.stop(), streamReport);
        }
    }

    private void tell(Running<LoadReport> requests) throws IOException, InterruptedException, Stuck {
        begin("steady", requests);
        watch(requests, STEADY);
        shares(requests.soFar());

        begin("kill -9", requests);
        var victim = local.status().of(Component.BACKEND).getFirst();
        terminal.say("== kill -9 " + victim.pid() + " (" + victim.name() + ")");
        ProcessHandle.of(victim.pid()).ifPresent(ProcessHandle::destroyForcibly);
        await("started again", status -> status.settled() && restarted(status, victim), requests);
        var successor = local.status().of(Component.BACKEND).stream()
                .filter(replica -> replica.name().equals(victim.name()))
                .findFirst()
                .orElse(victim);
        terminal.say("   started again as pid " + successor.pid());
        watch(requests, AFTERMATH);

        begin("roll backends", requests);
        roll(Component.BACKEND, "every backend", requests);

        begin("roll proxies", requests);
        roll(Component.PROXY, "every proxy", requests);
        terminal.say(
                "   the old ones serve their Tick-Storm subscriptions until the drain timeout; HTTP clients move now");
        watch(requests, MOVE);
    }

    private void roll(Component component, String what, Running<LoadReport> requests)
            throws IOException, InterruptedException, Stuck {
        var before = names(component);
        terminal.say("== Rolling update of " + what + ": a new one is ready before an old one goes");
        local.restart(component);
        await("rolled", status -> replaced(status, component), requests);
        terminal.say("   before " + before);
        terminal.say("   now    " + names(component));
    }

    /** @return what must be 0 */
    private long table(LoadReport warmUp, LoadReport report, StreamReport feed) {
        terminal.say("");
        terminal.say("%-16s %10s %8s %10s %10s".formatted("", "requests", "failed", "p99", "slowest"));
        terminal.say(row(
                "warming up",
                warmUp.sent(),
                warmUp.failed(),
                warmUp.latency().p99(),
                warmUp.latency().max()));
        for (int i = 0; i < chapters.size(); i++) {
            var from = chapters.get(i).fromSecond();
            var to = i + 1 < chapters.size() ? chapters.get(i + 1).fromSecond() : Integer.MAX_VALUE;
            var seconds = report.seconds().stream()
                    .filter(second -> second.second() >= from && second.second() < to)
                    .toList();
            terminal.say(row(
                    chapters.get(i).title(),
                    seconds.stream().mapToLong(LoadReport.Second::sent).sum(),
                    seconds.stream().mapToLong(LoadReport.Second::failed).sum(),
                    worst(seconds, Latency::p99),
                    worst(seconds, Latency::max)));
        }
        var failed = warmUp.failed() + report.failed();
        terminal.say("%-16s %,10d %,8d".formatted("all", warmUp.sent() + report.sent(), failed));
        report.failures().forEach((failure, count) -> terminal.say("   " + count + " " + failure.words()));
        terminal.say("");
        terminal.say("Tick-Storm: %,d batches to %d subscriptions, %d live at the end, %d reconnects, %d batches missed"
                .formatted(
                        feed.batches(), feed.plan().subscriptions(), feed.live(), feed.reconnects(), feed.missing()));
        terminal.say("failed requests: " + failed);
        return failed + feed.failed();
    }

    private static String row(String title, long sent, long failed, Duration p99, Duration slowest) {
        return String.format(
                Locale.ROOT,
                "%-16s %,10d %,8d %10s %10s",
                title,
                sent,
                failed,
                Latency.words(p99),
                Latency.words(slowest));
    }

    /** The worst second's: percentiles of several seconds cannot be put together. */
    private static Duration worst(
            List<LoadReport.Second> seconds, java.util.function.Function<Latency, Duration> figure) {
        return seconds.stream()
                .map(second -> figure.apply(second.latency()))
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    private void begin(String title, Running<LoadReport> requests) throws InterruptedException {
        chapters.add(new Chapter(title, requests.soFar().seconds().size()));
    }

    private void shares(LoadReport report) {
        var all = report.servers().values().stream().mapToLong(Long::longValue).sum();
        report.servers().entrySet().stream()
                .sorted(java.util.Map.Entry.comparingByKey())
                .forEach(server -> terminal.say(String.format(
                        Locale.ROOT,
                        "   %-22s %,6d answers, %.1f %%",
                        server.getKey(),
                        server.getValue(),
                        100.0 * server.getValue() / Math.max(1, all))));
    }

    /** All that is wanted is there and in use; of those that go, some may still be at work. */
    private static boolean replaced(LocalStatus status, Component component) {
        var there = status.of(component).stream()
                .filter(replica -> replica.current() && replica.available())
                .count();
        return there == status.wanted().getOrDefault(component, 0);
    }

    private String names(Component component) {
        return local.status().of(component).stream()
                .filter(replica -> replica.current() && replica.phase() == Phase.READY)
                .map(ReplicaStatus::name)
                .collect(Collectors.joining(", "));
    }

    private static boolean restarted(LocalStatus status, ReplicaStatus victim) {
        return status.of(Component.BACKEND).stream()
                .anyMatch(replica -> replica.name().equals(victim.name()) && replica.restarts() > victim.restarts());
    }

    private int port(String listener) throws Stuck {
        var port = local.status().nodePorts().get(listener);
        if (port == null) {
            throw new Stuck(file + ": no listener " + listener + " (expected: the listeners of the smallest sample)");
        }
        return port;
    }

    private void watch(Running<LoadReport> requests, Duration duration) throws InterruptedException {
        var end = System.nanoTime() + duration.toNanos();
        while (System.nanoTime() < end) {
            requests.await(LIVE);
            terminal.show(requests.line());
        }
    }

    private void await(String what, Predicate<LocalStatus> condition, Running<LoadReport> requests)
            throws InterruptedException, Stuck {
        var end = System.nanoTime() + STEP_LIMIT.toNanos();
        while (!local.await(condition, LIVE)) {
            terminal.show(requests.line());
            if (System.nanoTime() > end) {
                throw new Stuck("not " + what + " after " + STEP_LIMIT.toSeconds() + " s: " + local.status());
            }
        }
    }

    private void await(String what, Predicate<LocalStatus> condition) throws InterruptedException, Stuck {
        if (!local.await(condition, STEP_LIMIT)) {
            throw new Stuck("not " + what + " after " + STEP_LIMIT.toSeconds() + " s: " + local.status());
        }
    }
}
