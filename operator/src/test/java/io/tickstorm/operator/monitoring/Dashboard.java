package io.tickstorm.operator.monitoring;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A dashboard of Grafana: rows of panels, placed from left to right.
 *
 * @param name of its file, and the end of its uid
 * @param variables what a person chooses above the panels
 */
record Dashboard(String name, String title, List<Variable> variables, List<Row> rows) {
    static final Map<String, String> DATA_SOURCE = ordered("type", "prometheus", "uid", "${datasource}");

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();
    private static final int COLUMNS = 24;
    /** The first of Grafana 10; newer ones migrate it by themselves. */
    private static final int SCHEMA = 38;

    /**
     * @param values the query that lists what can be chosen
     * @param all whether all of them can be chosen, and are at first
     */
    record Variable(String name, String label, String values, boolean all) {}

    record Row(String title, List<Panel> panels) {}

    String json() {
        var dashboard = new LinkedHashMap<String, Object>();
        dashboard.put("uid", "tickstorm-" + name);
        dashboard.put("title", title);
        dashboard.put("tags", List.of("tickstorm"));
        dashboard.put("schemaVersion", SCHEMA);
        dashboard.put("editable", true);
        dashboard.put("refresh", "30s");
        dashboard.put("time", Map.of("from", "now-1h", "to", "now"));
        dashboard.put("links", links());
        dashboard.put("templating", Map.of("list", templating()));
        dashboard.put("panels", panels());
        try {
            return JSON.writeValueAsString(dashboard) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** From each dashboard one comes to the others, with what was chosen. */
    private static List<Map<String, Object>> links() {
        return List.of(Map.of(
                "type",
                "dashboards",
                "title",
                "Tick-Storm",
                "tags",
                List.of("tickstorm"),
                "asDropdown",
                false,
                "includeVars",
                true,
                "keepTime",
                true));
    }

    private List<Map<String, Object>> templating() {
        var list = new ArrayList<Map<String, Object>>();
        list.add(Map.of("name", "datasource", "label", "Data source", "type", "datasource", "query", "prometheus"));
        variables.forEach(variable -> list.add(templating(variable)));
        return list;
    }

    private static Map<String, Object> templating(Variable variable) {
        var chosen = new LinkedHashMap<String, Object>();
        chosen.put("name", variable.name());
        chosen.put("label", variable.label());
        chosen.put("type", "query");
        chosen.put("datasource", DATA_SOURCE);
        chosen.put("query", ordered("query", variable.values(), "refId", variable.name()));
        chosen.put("refresh", 2);
        chosen.put("includeAll", variable.all());
        chosen.put("multi", variable.all());
        if (variable.all()) {
            chosen.put("allValue", ".*");
            chosen.put("current", ordered("text", "All", "value", "$__all"));
        }
        return chosen;
    }

    private List<Map<String, Object>> panels() {
        var panels = new ArrayList<Map<String, Object>>();
        int y = 0;
        for (var row : rows) {
            panels.add(Map.of(
                    "id",
                    panels.size() + 1,
                    "type",
                    "row",
                    "title",
                    row.title(),
                    "collapsed",
                    false,
                    "panels",
                    List.of(),
                    "gridPos",
                    Map.of("x", 0, "y", y, "w", COLUMNS, "h", 1)));
            y++;
            int x = 0;
            int height = 0;
            for (var panel : row.panels()) {
                if (x + panel.width() > COLUMNS) {
                    x = 0;
                    y += height;
                    height = 0;
                }
                panels.add(panel.json(panels.size() + 1, x, y));
                x += panel.width();
                height = Math.max(height, panel.height());
            }
            y += height;
        }
        return panels;
    }

    private static Map<String, String> ordered(String firstKey, String first, String secondKey, String second) {
        var map = new LinkedHashMap<String, String>();
        map.put(firstKey, first);
        map.put(secondKey, second);
        return map;
    }
}
