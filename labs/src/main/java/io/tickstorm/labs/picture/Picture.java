package io.tickstorm.labs.picture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A conclusion, and the panels that show it.
 *
 * @param title the conclusion, a sentence
 * @param subtitle what was done to find out
 * @param columns of panels
 * @param panelHeight pixels
 */
public record Picture(String title, String subtitle, int columns, int panelHeight, List<Panel> panels) {
    private static final int WIDTH = 860;
    private static final int MARGIN = 24;
    private static final int GAP = 28;
    private static final int TITLE_LETTERS = 76;
    private static final int SUBTITLE_LETTERS = 112;

    private static final String STYLE =
            ".card{fill:#fff;stroke:#d5dae0}.title{font-size:18px;font-weight:650}.soft{fill:#59636e}.grid{stroke:#e4e7eb}.axis{stroke:#9aa4b0}"
                    + ".band{fill:#eceff3}text{fill:#1c2128;font:12px system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,'DejaVu Sans',sans-serif}"
                    + ".heading{font-size:14px;font-weight:600}.subtitle{font-size:13px;fill:#59636e}.middle{text-anchor:middle}.end{text-anchor:end}.name{font-weight:600;fill:var(--hue)}"
                    + ".line{fill:none;stroke:var(--hue);stroke-width:2.2;stroke-linejoin:round;stroke-linecap:round}.dot{fill:var(--hue)}.bar{fill:var(--hue)}.rule{stroke:#6b7480;stroke-dasharray:4 3}";
    private static final String DARK =
            ".card{fill:#12161c;stroke:#2d343d}.soft,.subtitle{fill:#9aa4b0}.grid{stroke:#262c35}.axis{stroke:#6b7480}.band{fill:#212833}text{fill:#e6eaf0}.rule{stroke:#9aa4b0}";

    /** Panels beside one another. */
    public static Picture of(String title, String subtitle, Panel... panels) {
        return new Picture(title, subtitle, panels.length, 230, List.of(panels));
    }

    public Picture columns(int count) {
        return new Picture(title, subtitle, count, panelHeight, panels);
    }

    public Picture panelHeight(int pixels) {
        return new Picture(title, subtitle, columns, pixels, panels);
    }

    /** The document. */
    public String svg() {
        var titleLines = wrapped(title, TITLE_LETTERS);
        var subtitleLines = wrapped(subtitle, SUBTITLE_LETTERS);
        int top = MARGIN + 24 * titleLines.size() + 18 * subtitleLines.size() + 22;
        int rows = (panels.size() + columns - 1) / columns;
        int height = top + rows * panelHeight + (rows - 1) * GAP + MARGIN - 6;
        var svg = new Svg();
        svg.open(
                "svg",
                "xmlns",
                "http://www.w3.org/2000/svg",
                "viewBox",
                "0 0 " + WIDTH + " " + height,
                "width",
                WIDTH,
                "height",
                height,
                "role",
                "img",
                "aria-labelledby",
                "title what");
        svg.words("title", title, "id", "title").words("desc", subtitle, "id", "what");
        svg.words("style", style());
        svg.empty("rect", "class", "card", "x", 0.5, "y", 0.5, "width", WIDTH - 1, "height", height - 1, "rx", 8);
        int y = MARGIN + 14;
        for (var line : titleLines) {
            svg.label(MARGIN, y, "title", line);
            y += 24;
        }
        for (var line : subtitleLines) {
            svg.label(MARGIN, y, "subtitle", line);
            y += 18;
        }
        double width = (WIDTH - 2.0 * MARGIN - GAP * (columns - 1)) / columns;
        for (int i = 0; i < panels.size(); i++) {
            double left = MARGIN + (i % columns) * (width + GAP);
            panels.get(i).draw(svg, left, top + (double) (i / columns) * (panelHeight + GAP), width, panelHeight);
        }
        return svg.close("svg").toString();
    }

    private static String style() {
        return STYLE
                + Arrays.stream(Hue.values()).map(Hue::light).collect(Collectors.joining())
                + "@media (prefers-color-scheme:dark){" + DARK
                + Arrays.stream(Hue.values()).map(Hue::dark).collect(Collectors.joining()) + "}";
    }

    static List<String> wrapped(String words, int letters) {
        var lines = new ArrayList<String>();
        var line = new StringBuilder();
        for (var word : words.split(" ")) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > letters) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
