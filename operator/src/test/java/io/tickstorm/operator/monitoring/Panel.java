package io.tickstorm.operator.monitoring;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One panel of a dashboard.
 *
 * @param kind what draws it, in Grafana's word
 * @param unit Grafana's name of the unit
 * @param width in 24ths of a row
 * @param limits from which value on which colour; below the first one it is green
 */
record Panel(
        String kind,
        String title,
        String description,
        String unit,
        int width,
        List<Query> queries,
        List<Limit> limits) {
    private static final int HEIGHT_OF_GRAPH = 8;
    private static final int HEIGHT_OF_NUMBER = 4;

    /** What is asked, and what its answers are called. */
    record Query(String expression, String legend) {}

    /** A value from which on something should be looked at. */
    record Limit(double from, String colour) {}

    static Panel graph(String title, String description, String unit, Query... queries) {
        return new Panel("timeseries", title, description, unit, 8, List.of(queries), List.of());
    }

    static Panel number(String title, String description, String unit, Query query) {
        return new Panel("stat", title, description, unit, 4, List.of(query), List.of());
    }

    static Query query(String expression, String legend) {
        return new Query(expression, legend);
    }

    Panel orange(double from) {
        return limited(from, "orange");
    }

    Panel red(double from) {
        return limited(from, "red");
    }

    private Panel limited(double from, String colour) {
        var more = new ArrayList<>(limits);
        more.add(new Limit(from, colour));
        return new Panel(kind, title, description, unit, width, queries, more);
    }

    int height() {
        return kind.equals("stat") ? HEIGHT_OF_NUMBER : HEIGHT_OF_GRAPH;
    }

    Map<String, Object> json(int id, int x, int y) {
        var panel = new LinkedHashMap<String, Object>();
        panel.put("id", id);
        panel.put("type", kind);
        panel.put("title", title);
        panel.put("description", description);
        panel.put("datasource", Dashboard.DATA_SOURCE);
        panel.put("gridPos", Map.of("x", x, "y", y, "w", width, "h", height()));
        panel.put("targets", targets());
        panel.put("fieldConfig", Map.of("defaults", defaults(), "overrides", List.of()));
        panel.put("options", options());
        return panel;
    }

    private List<Map<String, Object>> targets() {
        var targets = new ArrayList<Map<String, Object>>();
        for (int i = 0; i < queries.size(); i++) {
            var target = new LinkedHashMap<String, Object>();
            target.put("refId", String.valueOf((char) ('A' + i)));
            target.put("datasource", Dashboard.DATA_SOURCE);
            target.put("expr", queries.get(i).expression());
            target.put("legendFormat", queries.get(i).legend());
            targets.add(target);
        }
        return targets;
    }

    private Map<String, Object> defaults() {
        var defaults = new LinkedHashMap<String, Object>();
        defaults.put("unit", unit);
        defaults.put("min", 0);
        defaults.put("thresholds", Map.of("mode", "absolute", "steps", steps()));
        if (kind.equals("timeseries")) {
            var custom = new LinkedHashMap<String, Object>();
            custom.put("fillOpacity", 10);
            custom.put("thresholdsStyle", Map.of("mode", limits.isEmpty() ? "off" : "dashed"));
            defaults.put("custom", custom);
        }
        return defaults;
    }

    private List<Map<String, @Nullable Object>> steps() {
        var steps = new ArrayList<Map<String, @Nullable Object>>();
        steps.add(step("green", null));
        limits.forEach(limit -> steps.add(step(limit.colour(), limit.from())));
        return steps;
    }

    private static Map<String, @Nullable Object> step(String colour, @Nullable Double from) {
        var step = new LinkedHashMap<String, @Nullable Object>();
        step.put("color", colour);
        step.put("value", from);
        return step;
    }

    private Map<String, Object> options() {
        return kind.equals("stat")
                ? Map.of(
                        "reduceOptions", Map.of("calcs", List.of("lastNotNull")),
                        "colorMode", "value",
                        "graphMode", "area")
                : Map.of(
                        "legend", Map.of("displayMode", "list", "placement", "bottom", "showLegend", true),
                        "tooltip", Map.of("mode", "multi", "sort", "desc"));
    }
}
