package io.tickstorm.cli.importing.nginx;

import io.tickstorm.cli.importing.draft.Rule;
import io.tickstorm.cli.importing.draft.Rules;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All directives that are known. */
public final class NginxRules {
    static final Rules<Scope> MAIN = new Rules<>(List.of(OtherRules.main()));
    static final Rules<Scope> HTTP = new Rules<>(List.of(
            ProxyRules.http(),
            ProxyRules.both(),
            ClientRules.http(),
            ClientRules.both(),
            OtherRules.http(),
            OtherRules.both()));
    static final Rules<Scope> STREAM = new Rules<>(List.of(
            ProxyRules.stream(),
            ProxyRules.both(),
            ClientRules.both(),
            OtherRules.both(),
            List.of(
                    Rule.carried("proxy_pass", "listeners[].backend", (said, scope) -> {}),
                    Rule.carried("proxy_ssl", "backends[].tls", (said, scope) -> {}))));

    private NginxRules() {}

    /** By the kind of place where they stand, for people. */
    public static Map<String, List<? extends Rule<?>>> all() {
        var all = new LinkedHashMap<String, List<? extends Rule<?>>>();
        all.put("the file, `events`", List.copyOf(MAIN.all()));
        all.put("`http`, its `server` and `location`", List.copyOf(HTTP.all()));
        all.put("`stream` and its `server`", List.copyOf(STREAM.all()));
        all.put("`upstream`", List.copyOf(UpstreamRules.RULES.all()));
        return all;
    }
}
