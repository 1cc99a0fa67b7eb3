package io.tickstorm.cli.importing.haproxy;

import io.tickstorm.cli.importing.draft.Rule;
import io.tickstorm.cli.importing.draft.Rules;
import io.tickstorm.cli.importing.draft.Site;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All directives that are known. */
public final class HaproxyRules {
    static final Rules<Site> GLOBAL = new Rules<>(List.of(GlobalRules.rules()));

    /** Those of which the entrances of a section are the subject. */
    static final Rules<Proxied> FRONT = new Rules<>(List.of(TimeoutRules.front(), RouteRules.rules()));

    /** Those of which its servers are. */
    static final Rules<Proxied> BACK =
            new Rules<>(List.of(TimeoutRules.back(), BalanceRules.rules(), CheckRules.rules()));

    static final Rules<Proxied> BOTH = new Rules<>(List.of(LimitRules.rules(), HttpRules.rules(), OtherRules.rules()));

    private HaproxyRules() {}

    /** By the kind of place where they stand, for people. */
    public static Map<String, List<? extends Rule<?>>> all() {
        var proxied = new ArrayList<Rule<Proxied>>();
        proxied.addAll(FRONT.all());
        proxied.addAll(BACK.all());
        proxied.addAll(BOTH.all());
        var all = new LinkedHashMap<String, List<? extends Rule<?>>>();
        all.put("`global`", List.copyOf(GLOBAL.all()));
        all.put("`defaults`, `frontend`, `backend`, `listen`", List.copyOf(proxied));
        all.put("words of `bind`", List.copyOf(BindRules.RULES.all()));
        all.put("words of `server` and `default-server`", List.copyOf(ServerRules.RULES.all()));
        return all;
    }
}
