package io.tickstorm.labs.lab;

import io.tickstorm.labs.Finding;
import io.tickstorm.labs.Lab;
import io.tickstorm.labs.Recording;
import io.tickstorm.labs.picture.Hue;
import io.tickstorm.labs.picture.Panel;
import io.tickstorm.labs.picture.Picture;
import io.tickstorm.labs.picture.Point;
import io.tickstorm.labs.stage.Sink;
import io.tickstorm.labs.stage.Stage;
import io.tickstorm.proxy.balance.BalancingSettings;
import io.tickstorm.proxy.sim.Comparison;
import io.tickstorm.proxy.sim.Scenario;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Connections that stay, over four nodes. Eight thousand real ones through a real proxy, as many as a process of 20,000 descriptors
 * can hold with both their ends; and a hundred thousand in virtual time, chosen by the same classes.
 */
public final class HundredThousand implements Lab {
    private static final int NODES = 4;
    private static final int REAL = 8_000;
    private static final int VIRTUAL = 100_000;
    private static final double ALLOWED = 2;

    private static final String CONFIGURATION = """
            listeners:
              - {name: tcp, protocol: TCP, address: 127.0.0.1, port: %d, backend: nodes}
            backends:
              - name: nodes
                discovery: {static: [%s]}
            """;

    @Override
    public String name() {
        return "hundred-thousand";
    }

    @Override
    public void run(Stage stage, Recording recording) throws Exception {
        real(stage, recording);
        for (var policy : List.of(
                BalancingSettings.Kind.LEAST_CONNECTIONS,
                BalancingSettings.Kind.RANDOM,
                BalancingSettings.Kind.CONSISTENT_HASH)) {
            stage.say(VIRTUAL + " connections in virtual time: " + policy);
            var counts = Scenario.CONNECTIONS.play(policy, Comparison.SEED).attempts();
            for (int i = 0; i < NODES; i++) {
                recording.point(policy.toString(), i, counts.get(i));
            }
        }
    }

    private static void real(Stage stage, Recording recording) throws Exception {
        var nodes = new ArrayList<Sink>();
        for (int i = 0; i < NODES; i++) {
            nodes.add(stage.with(new Sink("node-" + i, 0)));
        }
        int port = stage.ports(1)[0];
        var addresses =
                nodes.stream().map(node -> "\"127.0.0.1:" + node.port() + '"').collect(Collectors.joining(", "));
        var proxy = stage.proxy("proxy", CONFIGURATION.formatted(port, addresses));
        proxy.awaitReady();
        stage.say(REAL + " real connections");
        var clients = new ArrayList<SocketChannel>();
        for (int i = 1; i <= REAL; i++) {
            clients.add(SocketChannel.open(new InetSocketAddress("127.0.0.1", port)));
            if (i % 500 == 0) {
                while (nodes.stream().mapToInt(Sink::open).sum() < i) {
                    stage.pass(Duration.ofMillis(10));
                }
                for (int node = 0; node < NODES; node++) {
                    recording.point("node " + node, i, nodes.get(node).open());
                }
            }
        }
        for (int node = 0; node < NODES; node++) {
            recording.point("real", node, nodes.get(node).open());
        }
        for (var client : clients) {
            client.close();
        }
    }

    /** By how many percent a node is away from a quarter. */
    private static List<Point> deviation(Recording recording, String series) {
        var counts = recording.series(series);
        double fair = counts.stream().mapToDouble(Point::y).sum() / NODES;
        return counts.stream()
                .map(point -> new Point(point.x(), 100 * (point.y() - fair) / fair))
                .toList();
    }

    private static double worst(Recording recording, String series) {
        return deviation(recording, series).stream()
                .mapToDouble(point -> Math.abs(point.y()))
                .max()
                .orElse(Double.NaN);
    }

    @Override
    public List<Finding> findings(Recording recording) {
        return List.of(
                Finding.that(
                        worst(recording, "real") <= ALLOWED,
                        "**%,d real connections**, least connections: the node farthest from a quarter is %.2f percent away from it.",
                        REAL,
                        worst(recording, "real")),
                Finding.that(
                        worst(recording, "LeastConnections") <= ALLOWED,
                        "**%,d in virtual time**, by the same classes: %.3f percent.",
                        VIRTUAL,
                        worst(recording, "LeastConnections")),
                Finding.that(
                        worst(recording, "Random") > worst(recording, "LeastConnections"),
                        "By chance alone it is %.2f percent: good enough for so many. Of 1,000 connections 5 percent more or less is usual.",
                        worst(recording, "Random")),
                Finding.that(
                        worst(recording, "ConsistentHash") > ALLOWED,
                        "By consistent hashing it is %.1f percent. That is the price of a fixed place for each client.",
                        worst(recording, "ConsistentHash")));
    }

    @Override
    public Picture picture(Recording recording) {
        var ways = List.of("real", "LeastConnections", "Random", "ConsistentHash");
        var hues = List.of(Hue.BLUE, Hue.BLUE, Hue.PURPLE, Hue.ORANGE);
        var panel = Panel.titled("How far the worst node is from a quarter")
                .x(
                        "",
                        List.of(
                                "least connections\n8,000 real",
                                "least connections\n100,000 virtual",
                                "random\n100,000 virtual",
                                "consistent hash\n100,000 virtual"))
                .y(
                        "percent",
                        Stream.concat(Stream.of(3.0), ways.stream().map(way -> worst(recording, way)))
                                        .mapToDouble(Double::doubleValue)
                                        .max()
                                        .orElse(3)
                                * 1.1)
                .rule(ALLOWED, "2 percent");
        for (int i = 0; i < ways.size(); i++) {
            double worst = worst(recording, ways.get(i));
            panel.bar(i, hues.get(i), worst, String.format(Locale.ROOT, "%.2f %%", worst));
        }
        return Picture.of(
                "Connections that stay are spread to within a fraction of a percent by counting them",
                "Connections opened one after the other over four nodes, none of which closes: real ones through a real proxy, and the same"
                        + " choice in virtual time.",
                panel);
    }
}
