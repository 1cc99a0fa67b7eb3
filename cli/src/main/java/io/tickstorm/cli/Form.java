package io.tickstorm.cli;

import io.tickstorm.cli.show.Output;
import io.tickstorm.cli.show.Style;
import picocli.CommandLine.Option;

/** The option that says in which form an answer is wanted. */
final class Form {
    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORM",
            description = "${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}); upper or lower case.")
    private Output output = Output.TEXT;

    Output output() {
        return output;
    }

    boolean text() {
        return output == Output.TEXT;
    }

    /** What this process's standard output can show. */
    static Style style() {
        var console = System.console();
        return Style.of(System.getenv(), console != null && console.isTerminal(), System.out.charset());
    }
}
