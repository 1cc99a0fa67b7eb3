package io.tickstorm.labs.picture;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Something that is drawn in a frame. */
sealed interface Mark {
    void draw(Svg svg, Frame frame);

    /** Letters of what stands to the right of the frame. */
    default int wordsAtEnd() {
        return 0;
    }

    /** @param dots whether each point is worth a dot */
    record Line(String words, Hue hue, List<Point> points, boolean dots) implements Mark {
        String[] lines() {
            return words.split("\n");
        }

        @Override
        public int wordsAtEnd() {
            return Arrays.stream(lines()).mapToInt(String::length).max().orElse(0);
        }

        @Override
        public void draw(Svg svg, Frame frame) {
            var path = points.stream()
                    .map(point -> Svg.number(frame.x(point.x())) + "," + Svg.number(frame.y(point.y())))
                    .collect(Collectors.joining(" "));
            svg.empty("polyline", "class", "line " + hue.style(), "points", path);
            for (var point : dots ? points : List.<Point>of()) {
                svg.empty(
                        "circle",
                        "class",
                        "dot " + hue.style(),
                        "cx",
                        frame.x(point.x()),
                        "cy",
                        frame.y(point.y()),
                        "r",
                        4);
            }
        }
    }

    /** @param width 1 is the distance of two names on the x axis */
    record Bar(double at, double width, Hue hue, double value, String words) implements Mark {
        @Override
        public void draw(Svg svg, Frame frame) {
            double from = frame.x(at - width / 2);
            double top = frame.y(value);
            svg.empty(
                    "rect",
                    "class",
                    "bar " + hue.style(),
                    "x",
                    from,
                    "y",
                    top,
                    "width",
                    frame.x(at + width / 2) - from,
                    "height",
                    Math.max(0, frame.bottom() - top));
            svg.label(frame.x(at), top - 5, "name middle " + hue.style(), words);
        }
    }

    record Band(double from, double to, String words) implements Mark {
        @Override
        public void draw(Svg svg, Frame frame) {
            double left = frame.x(from);
            svg.empty(
                    "rect",
                    "class",
                    "band",
                    "x",
                    left,
                    "y",
                    frame.top(),
                    "width",
                    frame.x(to) - left,
                    "height",
                    frame.height());
        }

        void name(Svg svg, Frame frame) {
            double middle = (frame.x(from) + frame.x(to)) / 2;
            var lines = words.split("\n");
            for (int i = 0; i < lines.length; i++) {
                svg.label(middle, frame.top() + 14 + 14.0 * i, "soft middle", lines[i]);
            }
        }
    }

    record Rule(double at, String words) implements Mark {
        @Override
        public void draw(Svg svg, Frame frame) {
            double y = frame.y(at);
            svg.empty("line", "class", "rule", "x1", frame.left(), "x2", frame.right(), "y1", y, "y2", y);
            svg.label(frame.left() + 4, y - 5, "soft", words);
        }
    }

    record Note(double atX, double atY, Hue hue, String words) implements Mark {
        @Override
        public void draw(Svg svg, Frame frame) {
            svg.label(frame.x(atX), frame.y(atY), "name " + hue.style(), words);
        }
    }

    record Moment(double at, String words) implements Mark {
        @Override
        public void draw(Svg svg, Frame frame) {
            double x = frame.x(at);
            svg.empty("line", "class", "rule", "x1", x, "x2", x, "y1", frame.top(), "y2", frame.bottom());
            var lines = words.split("\n");
            for (int i = 0; i < lines.length; i++) {
                svg.label(x + 5, frame.top() + 11 + 14.0 * i, "soft", lines[i]);
            }
        }
    }
}
