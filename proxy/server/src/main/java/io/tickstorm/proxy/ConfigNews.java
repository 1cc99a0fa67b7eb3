package io.tickstorm.proxy;

import io.tickstorm.proxy.history.Kind;
import io.tickstorm.proxy.history.Timeline;
import java.util.List;

/** Puts what became of each configuration into the time line. For the one thread that watches the file. */
final class ConfigNews {
    private static final String NO_BACKEND = "";

    private final Timeline timeline;
    private String hash = "";
    private List<String> refused = List.of();

    ConfigNews(Timeline timeline) {
        this.timeline = timeline;
    }

    /** @param problems what was not taken over of it, one line each */
    void taken(String newer, List<String> problems) {
        if (newer.equals(hash)) {
            return;
        }
        hash = newer;
        if (problems.isEmpty()) {
            timeline.add(Kind.CONFIGURATION, NO_BACKEND, "configuration " + newer + " is in use");
        } else {
            timeline.add(
                    Kind.CONFIGURATION_PARTLY,
                    NO_BACKEND,
                    "configuration " + newer + " is in use, but for " + counted(problems));
        }
    }

    /** @param messages none = the last one was right */
    void refused(List<String> messages) {
        if (!messages.isEmpty() && !messages.equals(refused)) {
            timeline.add(
                    Kind.CONFIGURATION_REFUSED,
                    NO_BACKEND,
                    "a newer configuration is refused, what held before still holds: " + counted(messages));
        }
        refused = List.copyOf(messages);
    }

    private static String counted(List<String> problems) {
        return problems.size() == 1
                ? problems.getFirst()
                : problems.size() + " problems, the first: " + problems.getFirst();
    }
}
