package io.tickstorm.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code tickstorm completion SHELL}. */
@Command(description = "Print a completion script for a shell: source <(tickstorm completion bash)")
final class CompletionCommand implements Callable<Integer> {
    /** The shells that the script is for. */
    enum Shell {
        BASH,
        ZSH
    }

    @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}; upper or lower case.")
    private Shell shell = Shell.BASH;

    @Override
    public Integer call() {
        if (shell == Shell.ZSH) {
            System.out.println("autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit");
        }
        System.out.println(AutoComplete.bash("tickstorm", Main.commandLine(Where.tool())));
        return Main.DONE;
    }
}
