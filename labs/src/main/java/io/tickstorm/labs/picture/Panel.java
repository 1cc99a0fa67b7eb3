package io.tickstorm.labs.picture;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** One pair of axes and what is drawn between them. Not thread-safe; what is added last lies on top. */
public final class Panel {
    private static final double LETTER = 6.6;
    private static final double LINE_HEIGHT = 15;

    private final String title;
    private final List<Mark> marks = new ArrayList<>();
    private Axis x = Axis.upTo("", 1, true);
    private Axis y = Axis.upTo("", 1, false);

    private Panel(String title) {
        this.title = title;
    }

    public static Panel titled(String title) {
        return new Panel(title);
    }

    /** From 0 to exactly there. */
    public Panel x(String label, double to) {
        x = Axis.upTo(label, to, true);
        return this;
    }

    /** A place for each, at 0, 1, 2 ... */
    public Panel x(String label, List<String> names) {
        x = Axis.names(label, names);
        return this;
    }

    /** From 0 to the round number above. */
    public Panel y(String label, double most) {
        y = Axis.upTo(label, most, false);
        return this;
    }

    /** Equal steps are equal factors. */
    public Panel powersOfTen(String label, double from, double to) {
        y = Axis.powers(label, from, to);
        return this;
    }

    /** A part of the x axis in which something is so, said at its top. */
    public Panel band(double from, double to, String words) {
        marks.addFirst(new Mark.Band(from, to, words));
        return this;
    }

    /** A height that matters, said above its left end. */
    public Panel rule(double at, String words) {
        marks.add(new Mark.Rule(at, words));
        return this;
    }

    /** A moment that matters, said at its top. */
    public Panel moment(double at, String words) {
        marks.add(new Mark.Moment(at, words));
        return this;
    }

    /** @param words what the line is, said beside its end; a line break begins another line */
    public Panel line(String words, Hue hue, List<Point> points) {
        marks.add(new Mark.Line(words, hue, points, points.size() <= 5));
        return this;
    }

    /** Words beside a line that does not end where there is room. */
    public Panel note(double atX, double atY, Hue hue, String words) {
        marks.add(new Mark.Note(atX, atY, hue, words));
        return this;
    }

    /** One bar at each name of the x axis, with words on its top. */
    public Panel bars(Hue hue, List<Double> values, List<String> words) {
        for (int i = 0; i < values.size(); i++) {
            bar(i, hue, values.get(i), words.get(i));
        }
        return this;
    }

    /** One bar, with words on its top. */
    public Panel bar(double at, Hue hue, double value, String words) {
        marks.add(new Mark.Bar(at, 0.62, hue, value, words));
        return this;
    }

    /** As {@link #bar}, of another width: the distance of two names is 1. */
    public Panel bar(double at, double width, Hue hue, double value, String words) {
        marks.add(new Mark.Bar(at, width, hue, value, words));
        return this;
    }

    void draw(Svg svg, double left, double top, double width, double height) {
        double yWords =
                y.ticks().stream().mapToInt(tick -> tick.words().length()).max().orElse(1) * LETTER + 8;
        double endWords = marks.stream()
                .mapToDouble(mark -> mark.wordsAtEnd() * LETTER)
                .max()
                .orElse(0);
        double header = title.isEmpty() ? 20 : 40;
        var frame = new Frame(
                x,
                y,
                left + yWords,
                top + header,
                width - yWords - (endWords > 0 ? endWords + 10 : 4),
                height - header - 38);
        if (!title.isEmpty()) {
            svg.label(left, top + 4, "heading", title);
        }
        svg.label(left, top + header - 14, "soft", y.label());
        marks.stream().filter(Mark.Band.class::isInstance).forEach(band -> band.draw(svg, frame));
        axes(svg, frame);
        marks.stream().filter(mark -> !(mark instanceof Mark.Band)).forEach(mark -> mark.draw(svg, frame));
        marks.stream()
                .filter(Mark.Band.class::isInstance)
                .map(Mark.Band.class::cast)
                .forEach(band -> band.name(svg, frame));
        names(svg, frame);
    }

    private void axes(Svg svg, Frame frame) {
        for (var tick : y.ticks()) {
            double at = frame.y(tick.at());
            svg.empty(
                    "line",
                    "class",
                    tick.at() == y.from() ? "axis" : "grid",
                    "x1",
                    frame.left(),
                    "x2",
                    frame.right(),
                    "y1",
                    at,
                    "y2",
                    at);
            svg.label(frame.left() - 6, at + 4, "soft end", tick.words());
        }
        for (var tick : x.ticks()) {
            var lines = tick.words().split("\n");
            for (int i = 0; i < lines.length; i++) {
                svg.label(frame.x(tick.at()), frame.bottom() + 17 + 14.0 * i, "soft middle", lines[i]);
            }
        }
        svg.label((frame.left() + frame.right()) / 2, frame.bottom() + 34, "soft middle", x.label());
    }

    /** Words beside the ends of lines, pushed apart where they would lie on one another. */
    private void names(Svg svg, Frame frame) {
        var lines = marks.stream()
                .filter(Mark.Line.class::isInstance)
                .map(Mark.Line.class::cast)
                .filter(line -> !line.words().isEmpty() && !line.points().isEmpty())
                .sorted(Comparator.comparingDouble(
                        line -> frame.y(line.points().getLast().y())))
                .toList();
        double[] at = lines.stream()
                .mapToDouble(
                        line -> frame.y(line.points().getLast().y()) + 4 - (line.lines().length - 1) * LINE_HEIGHT / 2)
                .toArray();
        for (int i = lines.size() - 1; i >= 0; i--) {
            double below = i == lines.size() - 1 ? frame.bottom() + 4 + LINE_HEIGHT : at[i + 1];
            at[i] = Math.min(at[i], below - LINE_HEIGHT * lines.get(i).lines().length);
        }
        for (int i = 1; i < lines.size(); i++) {
            at[i] = Math.max(at[i], at[i - 1] + LINE_HEIGHT * lines.get(i - 1).lines().length);
        }
        IntStream.range(0, lines.size()).forEach(i -> {
            var line = lines.get(i);
            double end = frame.x(line.points().getLast().x()) + 8;
            for (int j = 0; j < line.lines().length; j++) {
                svg.label(end, at[i] + j * LINE_HEIGHT, "name " + line.hue().style(), line.lines()[j]);
            }
        });
    }
}
