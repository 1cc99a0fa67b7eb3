package io.tickstorm.cli.importing.draft;

import io.tickstorm.operator.desired.ClusterReader;
import io.tickstorm.proxy.config.ConfigResult;
import io.tickstorm.proxy.config.ProxyConfig;
import io.tickstorm.proxy.settings.Problem;
import java.util.List;
import java.util.Optional;

/** From what was understood to a text that its reader accepts. */
public final class Result {
    private Result() {}

    /** A configuration of the proxy; empty if there is no listener that can stand. */
    public static Optional<String> proxy(Site site) {
        var whole = site.whole();
        site.process().copyWith(whole);
        return Settling.settle(whole, Result::problems);
    }

    /** A resource with these listeners and servers elsewhere; empty if there is no listener that can stand. */
    public static Optional<String> cluster(Site site, String name) {
        return Settling.settle(Resource.of(site, name), Result::clusterProblems)
                .filter(text -> !site.entrances().isEmpty());
    }

    private static List<Problem> problems(String text) {
        return switch (ProxyConfig.read(text, "")) {
            case ConfigResult.Valid valid -> List.of();
            case ConfigResult.Invalid invalid -> invalid.problems();
        };
    }

    private static List<Problem> clusterProblems(String text) {
        return switch (ClusterReader.read(text, "")) {
            case ClusterReader.Reading.Accepted accepted -> List.of();
            case ClusterReader.Reading.Refused(var problems) -> problems;
        };
    }
}
