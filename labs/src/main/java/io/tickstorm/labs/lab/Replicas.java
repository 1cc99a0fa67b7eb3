package io.tickstorm.labs.lab;

import io.tickstorm.cli.load.Load;
import io.tickstorm.cli.load.LoadPlan;
import io.tickstorm.labs.Finding;
import io.tickstorm.labs.Lab;
import io.tickstorm.labs.Recording;
import io.tickstorm.labs.picture.Hue;
import io.tickstorm.labs.picture.Panel;
import io.tickstorm.labs.picture.Picture;
import io.tickstorm.labs.picture.Point;
import io.tickstorm.labs.stage.KubeProxy;
import io.tickstorm.labs.stage.Proxy;
import io.tickstorm.labs.stage.Server;
import io.tickstorm.labs.stage.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Four servers, one of them four times slower, behind 1, 3 and 10 proxies that know nothing of each other: by turns, by what
 * each proxy has in flight, and with a limit for each server.
 */
public final class Replicas implements Lab {
    private static final List<Integer> COUNTS = List.of(1, 3, 10);
    private static final int RATE = 480;
    private static final int WORKERS = 8;
    private static final Duration WORK = Duration.ofMillis(20);
    private static final Duration SLOW_WORK = Duration.ofMillis(80);
    private static final Duration LENGTH = Duration.ofSeconds(3);
    private static final int LIMIT = 4;

    private static final String CONFIGURATION = """
            listeners:
              - {name: turns, address: 127.0.0.1, port: %d, backend: turns}
              - {name: least, address: 127.0.0.1, port: %d, backend: least}
              - {name: limited, address: 127.0.0.1, port: %d, backend: limited}
            backends:
              - {name: turns, discovery: {static: [%4$s]}, balancing: {policy: RoundRobin}, outlierEjection: {interval: 0s, silence: 0s}}
              - {name: least, discovery: {static: [%4$s]}}
              - {name: limited, discovery: {static: [%4$s]}, limits: {requests: %5$d}}
            workers: 1
            """;

    private record Replica(Proxy proxy, int turns, int least, int limited) {
        int port(String listener) {
            return switch (listener) {
                case "turns" -> turns;
                case "least" -> least;
                default -> limited;
            };
        }
    }

    @Override
    public String name() {
        return "replicas";
    }

    @Override
    public void run(Stage stage, Recording recording) throws Exception {
        var servers = new ArrayList<Server>();
        for (int i = 1; i <= 4; i++) {
            servers.add(stage.server("web-" + i, WORKERS, i == 1 ? SLOW_WORK : WORK));
        }
        var replicas = replicas(stage, servers);
        load(stage, replicas, "turns", 100, Duration.ofSeconds(2));
        load(stage, replicas, "least", 100, Duration.ofSeconds(2));
        for (int count : COUNTS) {
            for (var listener : List.of("turns", "least")) {
                stage.say(count + " proxies, " + listener + ", " + RATE + " requests/s");
                long before = servers.getFirst().arrived();
                double p99 = load(stage, replicas.subList(0, count), listener, RATE, LENGTH);
                recording.point(listener + " p99 ms", count, p99);
                double sent = RATE * LENGTH.toSeconds();
                recording.point(
                        listener + " slow share", count, (servers.getFirst().arrived() - before) / sent);
            }
            servers.forEach(Server::most);
            stage.say(count + " proxies, each with at most " + LIMIT + " requests on a server");
            servers.forEach(server -> server.work(Duration.ofMillis(800)));
            load(stage, replicas.subList(0, count), "limited", RATE / 2.0, Duration.ofSeconds(2));
            recording.point(
                    "most", count, servers.stream().mapToInt(Server::most).max().orElse(0));
            servers.forEach(server -> server.work(server == servers.getFirst() ? SLOW_WORK : WORK));
            stage.pass(Duration.ofSeconds(1));
        }
    }

    private static List<Replica> replicas(Stage stage, List<Server> servers) throws Exception {
        var addresses =
                servers.stream().map(server -> '"' + server.address() + '"').collect(Collectors.joining(", "));
        var replicas = new ArrayList<Replica>();
        for (int i = 0; i < COUNTS.getLast(); i++) {
            var ports = stage.ports(3);
            var proxy = stage.proxy(
                    "proxy-" + (i + 1), CONFIGURATION.formatted(ports[0], ports[1], ports[2], addresses, LIMIT));
            replicas.add(new Replica(proxy, ports[0], ports[1], ports[2]));
        }
        for (var replica : replicas) {
            replica.proxy().awaitReady();
        }
        stage.say(replicas.size() + " proxies are ready");
        return replicas;
    }

    /** As through a node port: each connection goes to a proxy picked at random. @return p99 in milliseconds */
    private static double load(Stage stage, List<Replica> replicas, String listener, double rate, Duration length)
            throws Exception {
        var list = stage.endpoints(listener + "-of-" + replicas.size());
        for (var replica : replicas) {
            list.ready(replica.proxy().name(), replica.port(listener));
        }
        try (var service = new KubeProxy(list)) {
            var report = Load.run(LoadPlan.to("http://127.0.0.1:" + service.port() + "/")
                    .rate(rate)
                    .connections(300)
                    .duration(length));
            return report.latency().p99().toNanos() / 1e6;
        }
    }

    @Override
    public List<Finding> findings(Recording recording) {
        var least = values(recording, "least p99 ms");
        var turns = values(recording, "turns p99 ms");
        var share = values(recording, "least slow share");
        var most = values(recording, "most");
        return List.of(
                Finding.that(
                        turns.getFirst() > 2 * least.getFirst(),
                        "**By turns** the slow server gets a quarter of everything, which is more than it can do: p99 is %.0f ms with one proxy, and coordination would not help, since every proxy does the same.",
                        turns.getFirst()),
                Finding.that(
                        least.getLast() < turns.getLast() / 2 && least.getLast() < 4 * least.getFirst(),
                        "**By least connections** p99 is %.0f ms with one proxy, %.0f ms with three and %.0f ms with ten that know nothing of each other.",
                        least.get(0),
                        least.get(1),
                        least.get(2)),
                Finding.that(
                        share.stream().allMatch(each -> each < 0.2),
                        "Every proxy finds the slow server by itself: it gets %.0f, %.0f and %.0f percent of the requests.",
                        100 * share.get(0),
                        100 * share.get(1),
                        100 * share.get(2)),
                Finding.that(
                        most.get(0) <= LIMIT && most.get(2) > 2 * LIMIT,
                        "**A limit is another matter**: with `limits.requests: %d` in each proxy a server had up to %.0f requests from one proxy, %.0f from three and %.0f from ten.",
                        LIMIT,
                        most.get(0),
                        most.get(1),
                        most.get(2)));
    }

    @Override
    public Picture picture(Recording recording) {
        var names = COUNTS.stream().map(count -> Integer.toString(count)).toList();
        double slowest = Math.max(recording.most("turns p99 ms"), recording.most("least p99 ms"));
        return Picture.of(
                "Proxies that count only their own requests balance nearly as well as one that sees all; limits add up",
                RATE
                        + " requests/s over four servers, one of them four times slower; the same load through 1, 3 and 10 proxies.",
                Panel.titled("How long it takes")
                        .x("proxies", names)
                        .y("p99, milliseconds", slowest)
                        .line("by turns", Hue.ORANGE, placed(recording, "turns p99 ms", 1))
                        .line("least\nconnections", Hue.BLUE, placed(recording, "least p99 ms", 1)),
                Panel.titled("What the slow server gets")
                        .x("proxies", names)
                        .y("percent of all requests", 30)
                        .line("by turns", Hue.ORANGE, placed(recording, "turns slow share", 100))
                        .line("least\nconnections", Hue.BLUE, placed(recording, "least slow share", 100)),
                Panel.titled("A limit of " + LIMIT + " in each proxy")
                        .x("proxies", names)
                        .y("most requests on one server", recording.most("most") * 1.1)
                        .bars(
                                Hue.PURPLE,
                                values(recording, "most"),
                                values(recording, "most").stream()
                                        .map(each -> "%.0f".formatted(each))
                                        .toList()));
    }

    private static List<Double> values(Recording recording, String series) {
        return recording.series(series).stream().map(Point::y).toList();
    }

    private static List<Point> placed(Recording recording, String series, double factor) {
        var values = values(recording, series);
        var points = new ArrayList<Point>();
        for (int i = 0; i < values.size(); i++) {
            points.add(new Point(i, factor * values.get(i)));
        }
        return points;
    }
}
