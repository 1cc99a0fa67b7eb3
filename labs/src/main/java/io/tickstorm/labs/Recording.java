package io.tickstorm.labs;

import io.tickstorm.labs.picture.Point;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What one run of a lab has measured: numbers and series of points, by name. Thread-safe. */
public final class Recording {
    /** More digits than any clock here is good for. */
    private static final MathContext DIGITS = new MathContext(5);

    private final Map<String, Double> numbers = new TreeMap<>();
    private final Map<String, List<Point>> series = new TreeMap<>();

    /** @throws IllegalArgumentException if a series has the name */
    public synchronized void number(String name, double value) {
        unique(!series.containsKey(name), name);
        numbers.put(name, rounded(value));
    }

    /** @throws IllegalArgumentException if a number has the name */
    public synchronized void point(String name, double x, double y) {
        unique(!numbers.containsKey(name), name);
        series.computeIfAbsent(name, absent -> new ArrayList<>()).add(new Point(rounded(x), rounded(y)));
    }

    /** @throws IllegalArgumentException if it was not measured */
    public synchronized double number(String name) {
        var value = numbers.get(name);
        if (value == null) {
            throw new IllegalArgumentException("number " + name + " (expected: one of " + numbers.keySet() + ")");
        }
        return value;
    }

    /** @throws IllegalArgumentException if it was not measured */
    public synchronized List<Point> series(String name) {
        var points = series.get(name);
        if (points == null) {
            throw new IllegalArgumentException("series " + name + " (expected: one of " + series.keySet() + ")");
        }
        return List.copyOf(points);
    }

    /** The greatest value of a series. */
    public double most(String name) {
        return series(name).stream().mapToDouble(Point::y).max().orElse(0);
    }

    /** The mean of the values of a series in a part of it. */
    public double mean(String name, double from, double to) {
        return series(name).stream()
                .filter(point -> point.x() >= from && point.x() < to)
                .mapToDouble(Point::y)
                .average()
                .orElse(Double.NaN);
    }

    /** One line for each number and series. */
    public synchronized String json() {
        var lines = new ArrayList<String>();
        numbers.forEach((name, value) -> lines.add("  \"" + name + "\": " + plain(value)));
        series.forEach((name, points) -> lines.add("  \"" + name + "\": "
                + points.stream()
                        .map(point -> "[" + plain(point.x()) + "," + plain(point.y()) + "]")
                        .toList()));
        return "{\n" + String.join(",\n", lines) + "\n}\n";
    }

    public static Recording of(String json) {
        var recording = new Recording();
        new JsonObject(json).forEach(entry -> {
            if (entry.getValue() instanceof JsonArray points) {
                recording.series.put(entry.getKey(), new ArrayList<>());
                points.forEach(each -> {
                    var point = (JsonArray) each;
                    recording.point(entry.getKey(), point.getDouble(0), point.getDouble(1));
                });
            } else {
                recording.number(entry.getKey(), ((Number) entry.getValue()).doubleValue());
            }
        });
        return recording;
    }

    private static void unique(boolean so, String name) {
        if (!so) {
            throw new IllegalArgumentException(name + ": a number and a series (expected: a name for each)");
        }
    }

    private static double rounded(double value) {
        return new BigDecimal(value).round(DIGITS).doubleValue();
    }

    private static String plain(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }
}
