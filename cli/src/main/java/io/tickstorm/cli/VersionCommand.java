package io.tickstorm.cli;

import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** {@code tickstorm version}. */
@Command(description = "Print the version of this program and of its Java runtime.")
final class VersionCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        System.out.println(String.join(System.lineSeparator(), new Text().getVersion()));
        return Main.DONE;
    }

    /** For {@code --version} as well. */
    static final class Text implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {
                "tickstorm "
                        + Objects.requireNonNullElse(
                                Main.class.getPackage().getImplementationVersion(), "(built without a version)"),
                "Java " + Runtime.version() + ", " + System.getProperty("os.name") + " " + System.getProperty("os.arch")
            };
        }
    }
}
