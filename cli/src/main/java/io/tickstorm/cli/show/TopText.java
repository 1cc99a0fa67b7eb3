package io.tickstorm.cli.show;

import io.tickstorm.cli.fleet.Fleet;
import io.tickstorm.cli.show.Style.Paint;
import io.tickstorm.cli.show.Top.Row;
import java.util.Locale;
import java.util.stream.Collectors;

/** A table of what runs where, for one screen. */
public final class TopText {
    private static final int BAR = 10;
    private static final int NAME = 28;

    private TopText() {}

    /** @param rows at most so many lines are given for upstreams; the busiest come first */
    public static String of(Fleet fleet, Top top, Style style, int rows) {
        var out = new StringBuilder();
        var silent = fleet.proxies().stream()
                .filter(proxy -> proxy.state() == null)
                .map(proxy -> proxy.name())
                .collect(Collectors.joining(", "));
        line(
                out,
                style,
                style.paint(Paint.STRONG, fleet.cluster()) + "  " + Numbers.rate(top.requestsPerSecond())
                        + " requests/s"
                        + style.dot() + Numbers.rate(top.failuresPerSecond()) + " failed/s" + style.dot()
                        + Numbers.of(fleet.connections(), "connection", "connections") + style.dot()
                        + fleet.answering().size() + " of "
                        + Numbers.of(fleet.proxies().size(), "proxy", "proxies"));
        if (!silent.isEmpty()) {
            line(out, style, style.bad() + " not counted, for no answer: " + silent);
        }
        for (var backend : top.backends()) {
            out.append('\n');
            line(
                    out,
                    style,
                    style.paint(Paint.STRONG, "backend " + backend.name()) + "  "
                            + Numbers.rate(backend.requestsPerSecond())
                            + " requests/s" + style.dot() + backend.inFlight() + " in flight" + style.dot()
                            + backend.waiting() + " waiting" + style.dot() + "p99 "
                            + Numbers.within(backend.lastMinute(), Top.P99) + " in the last minute");
            line(
                    out,
                    style,
                    style.paint(
                            Paint.DIM,
                            "%-28s %-16s %7s %7s %8s %8s %8s %9s  %s"
                                    .formatted(
                                            "POD",
                                            "IN FLIGHT",
                                            "SHARE",
                                            "FAIR",
                                            "REQ/S",
                                            "FAIL/S",
                                            "RETRY/S",
                                            "P99 1MIN",
                                            "")));
            var most = backend.rows().stream().mapToLong(Row::inFlight).max().orElse(0);
            backend.rows().stream().limit(rows).forEach(row -> line(out, style, row(row, most, style)));
            if (backend.rows().size() > rows) {
                line(out, style, style.paint(Paint.DIM, "and " + (backend.rows().size() - rows) + " more, less busy"));
            }
        }
        return out.toString();
    }

    private static String row(Row row, long most, Style style) {
        var text = String.format(
                Locale.ROOT,
                "%-28s %-16s %6.1f%% %6.1f%% %8s %8s %8s %9s  ",
                cut(row.name(), style),
                bar(row.inFlight(), most, style),
                row.sharePercent(),
                row.fairPercent(),
                Numbers.rate(row.requestsPerSecond()),
                Numbers.rate(row.failuresPerSecond()),
                Numbers.rate(row.retriesPerSecond()),
                Numbers.within(row.lastMinute(), Top.P99));
        var painted = row.failuresPerSecond() > 0 ? style.paint(Paint.WARN, text) : text;
        return row.held().isEmpty() ? painted : painted + style.paint(Paint.BAD, row.held());
    }

    private static String cut(String name, Style style) {
        return name.length() <= NAME ? name : (style.lines() ? "…" : "~") + name.substring(name.length() - NAME + 1);
    }

    private static String bar(long inFlight, long most, Style style) {
        var length = most == 0 ? 0 : (int) Math.ceilDiv(inFlight * BAR, most);
        return "%5d %s".formatted(inFlight, (style.lines() ? "█" : "#").repeat(length));
    }

    /** Cut at the edge: a table that folds is none. */
    private static void line(StringBuilder out, Style style, String text) {
        var room = style.width();
        if (Style.columns(text) <= room) {
            out.append(text.stripTrailing()).append('\n');
            return;
        }
        int columns = 0;
        for (int at = 0; at < text.length() && columns < room - 1; at++) {
            if (text.charAt(at) == '\u001b') {
                var end = text.indexOf('m', at);
                out.append(text, at, end + 1);
                at = end;
            } else {
                out.append(text.charAt(at));
                columns++;
            }
        }
        out.append(style.colour() ? "\u001b[0m" : "")
                .append(style.lines() ? "…" : "~")
                .append('\n');
    }
}
