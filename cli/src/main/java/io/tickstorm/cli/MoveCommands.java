package io.tickstorm.cli;

import io.tickstorm.cli.fleet.Calls;
import io.tickstorm.cli.fleet.Fleet;
import io.tickstorm.cli.fleet.Moves;
import io.tickstorm.cli.fleet.Moves.Moved;
import io.tickstorm.cli.fleet.Place;
import io.tickstorm.cli.fleet.Site;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tickstorm drain} and {@code tickstorm resume}. */
final class MoveCommands {
    private static final String TOKEN = "TICKSTORM_ADMIN_TOKEN";
    private static final long LOOK_MILLIS = 500;

    private MoveCommands() {}

    /** What both have. */
    abstract static class Move implements Callable<Integer> {
        @Parameters(paramLabel = "POD", description = "Its name, or the address of its endpoint.")
        private String pod = "";

        @Mixin
        private OnlyCluster cluster = new OnlyCluster();

        @Option(
                names = "--token-file",
                paramLabel = "FILE",
                description = {
                    "The token of the admin ports, in the first line. Without it " + TOKEN
                            + "; without that the Secret",
                    "that spec.loadBalancer.admin.tokenSecret names, which one has to have the right to get."
                })
        private @Nullable Path tokenFile;

        @Mixin
        private Where where = new Where();

        @Mixin
        private Form form = new Form();

        private final boolean drain;

        Move(boolean drain) {
            this.drain = drain;
        }

        @Nullable
        Duration patience() {
            return null;
        }

        @Override
        public Integer call() throws IOException, InterruptedException {
            try (var open = where.ask()) {
                var place = open.place();
                var calls = open.calls();
                var found = find(place, calls);
                var moves = new Moves(calls, token(place, found.site()));
                var moved = moves.move(found.fleet(), pod, drain);
                var patience = patience();
                var empty = true;
                if (moved.done() && patience != null) {
                    empty = await(calls, found.site(), patience);
                }
                System.out.print(form.text() ? text(moved) : form.output().write(moved.tree()));
                if (!empty) {
                    System.err.println(
                            "tickstorm: requests still run on " + pod + " after " + patience + "; it stays drained");
                }
                return moved.done() && empty ? Main.DONE : Main.NOT_WELL;
            }
        }

        private record Found(Site site, Fleet fleet) {}

        private Found find(Place place, Calls calls) throws IOException, InterruptedException {
            var known = new ArrayList<String>();
            for (var site : cluster.of(place)) {
                var fleet = calls.look(site);
                if (Moves.knows(fleet, pod)) {
                    return new Found(site, fleet);
                }
                fleet.backends().stream()
                        .flatMap(backend -> backend.upstreams().stream())
                        .forEach(upstream -> known.add(upstream.name()));
                fleet.proxies().stream()
                        .filter(proxy -> proxy.state() == null)
                        .forEach(proxy -> System.err.println(
                                "tickstorm: " + proxy.name() + " does not answer: " + proxy.silence()));
            }
            throw new IOException(pod + ": no proxy knows of such a pod (expected: "
                    + (known.isEmpty()
                            ? "there is none now"
                            : "one of "
                                    + String.join(
                                            ", ", known.stream().distinct().toList()))
                    + ")");
        }

        private @Nullable String token(Place place, Site site) throws IOException {
            if (tokenFile != null) {
                return Files.readString(tokenFile)
                        .lines()
                        .findFirst()
                        .orElse("")
                        .strip();
            }
            var given = System.getenv(TOKEN);
            return given != null && !given.isEmpty() ? given : place.token(site);
        }

        /** Until nothing runs on it any more, at any proxy. */
        private boolean await(Calls calls, Site site, Duration patience) throws InterruptedException {
            var deadline = System.nanoTime() + patience.toNanos();
            while (running(calls.look(site)) > 0) {
                if (System.nanoTime() > deadline) {
                    return false;
                }
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
            }
            return true;
        }

        private long running(Fleet fleet) {
            return fleet.backends().stream()
                    .flatMap(backend -> backend.upstreams().stream())
                    .filter(upstream ->
                            upstream.name().equals(pod) || upstream.address().equals(pod))
                    .mapToLong(upstream -> upstream.inFlight())
                    .sum();
        }

        private String text(Moved moved) {
            var out = new StringBuilder();
            var verb = drain ? "drained" : "resumed";
            if (moved.done()) {
                out.append(moved.pod()).append(": ").append(verb).append(" at ");
                out.append(
                        moved.proxies().size() == 1
                                ? "the proxy"
                                : "all " + moved.proxies().size() + " proxies");
                out.append(" (")
                        .append(moved.backends())
                        .append("); ")
                        .append(moved.inFlight())
                        .append(" in flight\n");
            } else {
                out.append(moved.pod())
                        .append(": not ")
                        .append(verb)
                        .append(", because not every proxy could be told\n");
            }
            moved.proxies()
                    .forEach((proxy, said) -> out.append("  ")
                            .append(proxy)
                            .append(": ")
                            .append(said)
                            .append('\n'));
            if (!moved.done()) {
                out.append("It is drained at ")
                        .append(
                                moved.drainedAt().isEmpty()
                                        ? "none of those that answer"
                                        : String.join(", ", moved.drainedAt()));
                out.append(".\n");
            }
            return out.toString();
        }
    }

    @Command(
            description = {
                "Have every proxy give a pod no new work.",
                "What runs on it finishes. All proxies or none: if one does not answer or refuses, the others are left, or put"
                        + " back, as they were, and the answer says so for each. A proxy that starts later, or again, knows"
                        + " nothing of it: `status` says at which it is drained. To take a pod out for good, delete it."
            },
            mixinStandardHelpOptions = true,
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:every proxy has it; with --wait, nothing runs on the pod any more",
                "1:no proxy knows the pod, or the clusters cannot be read",
                "2:the command line is wrong",
                "3:not every proxy has it, as the answer says; or requests ran for longer than --wait"
            })
    static final class Drain extends Move {
        @Option(
                names = "--wait",
                paramLabel = "DURATION",
                converter = DurationConverter.class,
                description = "Wait until nothing runs on the pod any more, for so long at most.")
        private @Nullable Duration patience;

        Drain() {
            super(true);
        }

        @Override
        @Nullable
        Duration patience() {
            return patience;
        }
    }

    @Command(
            description = {"Have every proxy give a drained pod work again.", "All proxies or none, as for drain."},
            mixinStandardHelpOptions = true,
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:no proxy has it drained any more",
                "1:no proxy knows the pod, or the clusters cannot be read",
                "2:the command line is wrong",
                "3:not every proxy could be told, as the answer says"
            })
    static final class Resume extends Move {
        Resume() {
            super(false);
        }
    }
}
