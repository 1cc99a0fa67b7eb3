package io.tickstorm.cli.fleet;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Something that is not as it should be.
 *
 * @param subject who it is about
 * @param what in words
 * @param todo what a person can do; empty if there is nothing to do
 */
public record Finding(Weight weight, String subject, String what, String todo) {
    /** How much it matters. */
    public enum Weight {
        /** Clients suffer, or what is seen is not all. */
        ERROR,
        /** It works, with less than it should have. */
        WARNING,
        /** Somebody wanted it so. */
        NOTE
    }

    /** Whether a cluster that has it is not well. */
    public boolean counts() {
        return weight != Weight.NOTE;
    }

    Map<String, Object> tree() {
        var tree = new LinkedHashMap<String, Object>();
        tree.put("weight", weight.name());
        tree.put("subject", subject);
        tree.put("what", what);
        tree.put("todo", todo);
        return tree;
    }
}
