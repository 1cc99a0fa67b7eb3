package io.tickstorm.proxy.listener;

import io.tickstorm.proxy.settings.Section;
import io.tickstorm.proxy.settings.Syntax;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A backend's share of what comes in.
 *
 * @param name of the backend
 * @param weight relative to those beside it, 0..1,000,000; 0 = nothing
 * @param standby whether it gets nothing while one that does not stand by has a live endpoint
 */
public record BackendShare(String name, int weight, boolean standby) {
    private static final int MOST = 1_000_000;
    private static final int MOST_BACKENDS = 64;

    public BackendShare(String name, int weight) {
        this(name, weight, false);
    }

    /** Either {@code backend}, which gets all, or {@code backends}, which share; a problem if not exactly one is there. */
    static List<BackendShare> read(Section section) {
        return section.has("backends")
                ? shares(section)
                : List.of(new BackendShare(section.text("backend", Syntax.name()), 1));
    }

    /** The same, but there may be neither. */
    static List<BackendShare> readOptional(Section section) {
        if (section.has("backends")) {
            return shares(section);
        }
        var name = section.optionalText("backend", Syntax.name());
        return name == null ? List.of() : List.of(new BackendShare(name, 1));
    }

    private static List<BackendShare> shares(Section section) {
        section.refuse("backend", "beside backends (expected: one of the two)");
        var shares = section.list("backends", BackendShare::share);
        var names = new HashSet<String>();
        for (var share : shares) {
            if (!share.name().isEmpty() && !names.add(share.name())) {
                section.problem("backends", '"' + share.name() + "\" twice (expected: each backend once)");
            }
        }
        if (shares.stream().allMatch(share -> share.weight() == 0)) {
            section.problem("backends", "no weight at all (expected: at least one backend of weight 1 or more)");
        } else if (shares.stream().allMatch(share -> share.weight() == 0 || share.standby())) {
            section.problem(
                    "backends", "all stand by (expected: at least one backend of weight 1 or more without standby)");
        }
        if (shares.size() > MOST_BACKENDS) {
            section.problem("backends", shares.size() + " (expected: at most " + MOST_BACKENDS + ")");
        }
        return shares;
    }

    private static BackendShare share(Section section) {
        return new BackendShare(
                section.text("name", Syntax.name()),
                section.integer("weight", 0, MOST, 1),
                section.bool("standby", false));
    }

    static void put(Map<String, Object> map, List<BackendShare> shares) {
        if (shares.isEmpty()) {
            return;
        }
        if (shares.size() == 1 && shares.getFirst().weight() == 1) {
            map.put("backend", shares.getFirst().name());
        } else {
            map.put("backends", shares.stream().map(BackendShare::toMap).toList());
        }
    }

    private Map<String, Object> toMap() {
        var map = new LinkedHashMap<String, Object>();
        map.put("name", name);
        map.put("weight", weight);
        if (standby) {
            map.put("standby", true);
        }
        return map;
    }
}
