package io.tickstorm.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How the processes show in help and completion; {@link Main} runs them without asking these. */
final class ProcessCommands {
    private ProcessCommands() {}

    @Command(description = "Run the proxy with a configuration file, which is watched. Ends in order on SIGTERM.")
    static final class Proxy implements Callable<Integer> {
        @Option(
                names = "--config",
                paramLabel = "FILE",
                required = true,
                description = "The configuration; `tickstorm check FILE` judges it.")
        private String config = "";

        @Override
        public Integer call() {
            return io.tickstorm.proxy.Main.run(new String[] {"--config", config});
        }
    }

    @Command(description = "Run the operator against the Kubernetes API server of the environment or the kubeconfig.")
    static final class Operator implements Callable<Integer> {
        @Override
        public Integer call() {
            return io.tickstorm.operator.Main.run(new String[0]);
        }
    }

    @Command(
            description = "Run the reference backend: HTTP and Tick-Storm. `tickstorm backend --help` lists its flags.")
    static final class Backend implements Callable<Integer> {
        @Override
        public Integer call() {
            return io.tickstorm.backend.Main.run(new String[0]);
        }
    }
}
