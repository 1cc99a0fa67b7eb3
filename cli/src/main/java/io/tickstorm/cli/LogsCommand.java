package io.tickstorm.cli;

import io.tickstorm.cli.fleet.Place;
import io.tickstorm.cli.fleet.Place.LogWish;
import io.tickstorm.cli.fleet.Pod;
import io.tickstorm.cli.fleet.Role;
import io.tickstorm.cli.show.Output;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tickstorm logs}. */
@Command(
        description = {
            "Print what proxies, backends or one pod have logged.",
            "With several pods each line begins with the name of its pod; with -o json each line is an object."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:nothing could be read",
            "2:the command line is wrong",
            "3:not all could be read; standard error says which",
            "130:ended by Ctrl-C"
        })
final class LogsCommand implements Callable<Integer> {
    private static final String PROXIES = "proxies";
    private static final String BACKENDS = "backends";

    @Parameters(
            arity = "0..1",
            paramLabel = "WHO",
            description = "proxies (${DEFAULT-VALUE}), backends, or the name of a pod.",
            defaultValue = PROXIES)
    private String who = PROXIES;

    @Mixin
    private OnlyCluster cluster = new OnlyCluster();

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with what comes, until Ctrl-C.")
    private boolean follow;

    @Option(
            names = "--tail",
            paramLabel = "LINES",
            defaultValue = "50",
            description = "Lines of each pod to begin with (${DEFAULT-VALUE}); -1 for all.")
    private int tail = 50;

    @Option(
            names = "--since",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "None older than that; says nothing of a local run.")
    private @Nullable Duration since;

    @Option(names = "--previous", description = "Of the container before the last restart.")
    private boolean previous;

    @Mixin
    private Where where = new Where();

    @Mixin
    private Form form = new Form();

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (var place = where.open();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var pods = pods(place);
            var wish = new LogWish(tail < 0 ? null : tail, since, follow, previous);
            var width = pods.stream().mapToInt(pod -> pod.name().length()).max().orElse(0);
            if (!follow) {
                int failed = 0;
                for (var pod : pods) {
                    failed += copy(place, pod, wish, pods.size() == 1 ? 0 : width) ? 0 : 1;
                }
                return result(failed, pods.size());
            }
            var copies = new ArrayList<Future<Boolean>>();
            pods.forEach(pod -> copies.add(threads.submit(() -> copy(place, pod, wish, pods.size() == 1 ? 0 : width))));
            int failed = 0;
            for (var copy : copies) {
                failed += done(copy) ? 0 : 1;
            }
            return result(failed, pods.size());
        }
    }

    private static int result(int failed, int pods) {
        return failed == 0 ? Main.DONE : failed == pods ? Main.FAILED : Main.NOT_WELL;
    }

    private static boolean done(Future<Boolean> copy) throws InterruptedException {
        try {
            return copy.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private List<Pod> pods(Place place) throws IOException {
        var all =
                cluster.of(place).stream().flatMap(site -> site.pods().stream()).toList();
        var found = all.stream()
                .filter(pod -> switch (who) {
                    case PROXIES -> pod.role() == Role.PROXY;
                    case BACKENDS -> pod.role() == Role.BACKEND;
                    default -> pod.name().equals(who);
                })
                .toList();
        if (found.isEmpty()) {
            throw new IOException(who + ": no such pod (expected: proxies, backends, or "
                    + (all.isEmpty()
                            ? "the name of a pod; there is none"
                            : "one of "
                                    + String.join(
                                            ", ", all.stream().map(Pod::name).toList()))
                    + ")");
        }
        return found;
    }

    private boolean copy(Place place, Pod pod, LogWish wish, int width) {
        try (var log = place.log(pod, wish);
                var reader = new BufferedReader(new InputStreamReader(log, StandardCharsets.UTF_8))) {
            for (var line = reader.readLine(); line != null; line = reader.readLine()) {
                print(pod, line, width);
            }
            return true;
        } catch (IOException e) {
            System.err.println("tickstorm: log of " + pod.name() + ": " + Words.of(e));
            return false;
        }
    }

    private void print(Pod pod, String line, int width) {
        var text = switch (form.output()) {
            case TEXT -> width == 0 ? line : ("%-" + width + "s  %s").formatted(pod.name(), line);
            case JSON ->
                new JsonObject().put("pod", pod.name()).put("line", line).encode();
            case YAML -> {
                var entry = new LinkedHashMap<String, Object>();
                entry.put("pod", pod.name());
                entry.put("line", line);
                yield "---\n" + Output.YAML.write(entry).stripTrailing();
            }
        };
        // One call, so that lines of several pods do not mix.
        System.out.println(text);
    }
}
