package io.tickstorm.operator.install;

import java.util.ArrayList;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a value does.
 *
 * @param value whose effect it is
 * @param values YAML that sets it, and what it needs to have an effect
 * @param object in which the effect is seen
 * @param path where in it; empty: that it is there
 * @param effect what is seen there; null: nothing
 */
record Effect(
        String value,
        String values,
        String object,
        String path,
        @Nullable Object effect) {
    /** What is seen of it in an object; null: nothing. */
    @Nullable
    Object seen(@Nullable Manifest in) {
        if (in == null) {
            return null;
        }
        if (path.isEmpty()) {
            return "";
        }
        if (path.startsWith("yaml ")) {
            return Manifest.all(String.valueOf(Manifest.map(in.at("data")).get("cluster.yaml")))
                    .getFirst()
                    .at(path.substring(5));
        }
        if (path.startsWith("env ")) {
            var variables = new ArrayList<>(Manifest.list(in.at("spec.template.spec.containers.0.env")));
            return variables.stream()
                    .map(Manifest::map)
                    .filter(variable -> Objects.equals(variable.get("name"), path.substring(4)))
                    .map(variable -> variable.get("value"))
                    .findFirst()
                    .orElse(null);
        }
        return in.at(path);
    }
}
