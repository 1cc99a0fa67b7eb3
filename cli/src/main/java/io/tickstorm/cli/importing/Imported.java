package io.tickstorm.cli.importing;

import io.tickstorm.cli.importing.draft.Report;
import io.tickstorm.cli.importing.draft.Result;
import io.tickstorm.cli.importing.draft.Site;
import io.tickstorm.cli.importing.draft.UnreadableException;
import io.tickstorm.cli.importing.haproxy.HaproxyImport;
import io.tickstorm.cli.importing.nginx.NginxImport;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What came of an import.
 *
 * @param text what our reader accepts; empty if there is no listener that could stand
 * @param report of every directive
 */
public record Imported(Format format, Optional<String> text, Report report) {
    /**
     * What is read, and how.
     *
     * @param text of the file
     * @param name of the file, for messages
     * @param folder where the files are that it includes; null = they are not read
     * @param environment the variables that it may name
     * @param cluster name of the resource that is wanted; null = a configuration of the proxy
     */
    public record Input(
            String text,
            String name,
            @Nullable Path folder,
            Map<String, String> environment,
            @Nullable String cluster) {}

    public static Imported of(Input input, Format format) throws UnreadableException {
        var report = new Report();
        var site = new Site(report, input.cluster() != null);
        switch (format) {
            case HAPROXY -> HaproxyImport.read(input.text(), input.name(), input.environment(), site);
            case NGINX -> NginxImport.read(input.text(), input.name(), input.folder(), site);
        }
        var text = input.cluster() == null ? Result.proxy(site) : Result.cluster(site, input.cluster());
        return new Imported(
                format, text.map(yaml -> "# Made of " + input.name() + " by: tickstorm import\n" + yaml), report);
    }
}
