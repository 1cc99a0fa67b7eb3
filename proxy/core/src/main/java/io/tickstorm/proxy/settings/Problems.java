package io.tickstorm.proxy.settings;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what is wrong, so that all of it can be told at once. For one thread. */
public final class Problems {
    private final String source;
    private final List<Problem> found = new ArrayList<>();

    /** @param source what is judged, for messages: a file name, or empty */
    public Problems(String source) {
        this.source = source;
    }

    public void add(String path, int line, String message) {
        found.add(new Problem(path, line, message));
    }

    public boolean isEmpty() {
        return found.isEmpty();
    }

    public String source() {
        return source;
    }

    /** The problems in the order of their lines; those of one line in the order in which they were found. */
    public List<Problem> all() {
        return found.stream().sorted(Comparator.comparingInt(Problem::line)).toList();
    }

    /** One line for each problem, as {@link Problem#in} has it. */
    public List<String> messages() {
        return all().stream().map(problem -> problem.in(source)).toList();
    }
}
