package io.tickstorm.proxy.config;

import io.tickstorm.proxy.settings.Problem;
import java.util.List;

/** What reading a configuration came to: a value, or all that is wrong. */
public sealed interface ConfigResult {
    /** The configuration can be used. */
    record Valid(ProxyConfig config) implements ConfigResult {}

    /**
     * The configuration must not be used.
     *
     * @param source its name, for messages
     * @param problems at least one, in the order of their lines
     */
    record Invalid(String source, List<Problem> problems) implements ConfigResult {
        public Invalid {
            problems = List.copyOf(problems);
        }

        /** One line for each problem: {@code proxy.yaml:12: listeners[0].port: 70000 (expected: 0..65535)}. */
        public List<String> messages() {
            return problems.stream().map(problem -> problem.in(source)).toList();
        }
    }
}
