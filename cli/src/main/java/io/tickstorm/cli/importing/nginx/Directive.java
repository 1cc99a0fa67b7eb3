package io.tickstorm.cli.importing.nginx;

import io.tickstorm.cli.importing.draft.Said;
import io.tickstorm.cli.importing.draft.Verdict;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * A directive, or a block with directives in it.
 *
 * @param children empty for a simple directive
 */
record Directive(Said said, List<Directive> children) {
    String name() {
        return said.name();
    }

    List<Directive> children(String name) {
        return children.stream().filter(child -> child.name().equals(name)).toList();
    }

    /** Tells the same of it and of all in it. */
    void all(Verdict verdict, String what) {
        said.tell(verdict, what, "");
        children.forEach(child -> child.all(verdict, what));
    }

    /** Does something with it and all in it. */
    void each(BiConsumer<Said, Directive> action) {
        action.accept(said, this);
        children.forEach(child -> child.each(action));
    }
}
