package io.tickstorm.cli.importing.nginx;

import io.tickstorm.cli.importing.draft.Pool;
import io.tickstorm.cli.importing.draft.Said;
import io.tickstorm.cli.importing.draft.Settings;
import io.tickstorm.cli.importing.draft.Verdict;

/** {@code server} of an {@code upstream}. */
final class UpstreamServer {
    private static final int HTTP = 80;

    private UpstreamServer() {}

    static void apply(Said said, Pool pool) {
        var address = Address.of(said.word(1), HTTP);
        if (address.isEmpty()) {
            said.lost('"' + said.word(1) + "\" (expected: an address and a port of the server)");
            return;
        }
        if (said.words().contains("down")) {
            said.tell(
                    Verdict.DIFFERS,
                    "left out, since it gets no work; add it, or resume it by the admin API, when it should",
                    pool.settings().place());
            return;
        }
        var endpoint = said.words().contains("backup")
                ? pool.standBy(address.get().host(), address.get().port())
                : pool.server(address.get().host(), address.get().port());
        endpoint.tell(said, Verdict.CARRIED, "discovery.static");
        said.arguments().stream().skip(1).forEach(word -> option(said, pool, endpoint, word));
    }

    private static void option(Said said, Pool pool, Settings endpoint, String word) {
        int equals = word.indexOf('=');
        var name = equals < 0 ? word : word.substring(0, equals);
        var value = word.substring(equals + 1);
        var settings = pool.settings();
        switch (name) {
            case "weight" -> Values.number(value).ifPresent(weight -> endpoint.put("weight", weight, said));
            case "max_fails" ->
                Values.number(value).ifPresent(fails -> {
                    if (settings.value("circuitBreaker.consecutiveFailures").isPresent()) {
                        settings.putOnce("circuitBreaker.consecutiveFailures", fails, said);
                    } else {
                        settings.put(
                                "circuitBreaker.consecutiveFailures", fails, said, "in a row, not within fail_timeout");
                    }
                });
            case "fail_timeout" ->
                Values.time(value).ifPresent(time -> settings.putOnce("circuitBreaker.openFor", time, said));
            case "backup" -> said.carried("stands by: gets work when no other lives");
            case "max_conns" ->
                Values.number(value)
                        .filter(most -> most > 0)
                        .ifPresent(most -> settings.putOnce("limits.requests", most, said));
            case "slow_start" ->
                Values.time(value).ifPresent(time -> settings.put("balancing.slowStart.window", time, said));
            case "resolve" -> said.carried("names of the fixed list are resolved anew");
            case "drain" -> said.differs("it is drained by the admin API");
            default -> said.lost(word + ": the importer does not know it");
        }
    }
}
