package io.tickstorm.cli.importing.haproxy;

import io.tickstorm.cli.importing.draft.Rules;
import io.tickstorm.cli.importing.draft.Said;
import io.tickstorm.cli.importing.draft.Site;
import io.tickstorm.cli.importing.draft.UnreadableException;
import io.tickstorm.cli.importing.draft.Verdict;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Carries a configuration of HAProxy over. */
public final class HaproxyImport {
    private static final Set<String> PROXIES = Set.of("frontend", "backend", "listen");

    private static final Map<String, String> ELSEWHERE = Map.of(
            "peers", "proxies share nothing: SourceIpHash and cookies agree without it",
            "userlist", "passwords are a matter of the servers",
            "mailers", "alerts come from metrics",
            "cache", "nothing is cached",
            "program", "a matter of what starts the process",
            "http-errors", "the proxy's own answers are plain: a status and its reason",
            "ring", "the access log is JSON lines on standard output",
            "log-forward", "logs are not forwarded",
            "fcgi-app", "FastCGI is not spoken",
            "traces", "for HAProxy alone");

    private final Site site;
    private final List<Section> sections;
    private final Tables tables;
    private final Map<Section, Proxied> proxies = new LinkedHashMap<>();

    private HaproxyImport(List<Section> sections, Site site) {
        this.sections = sections;
        this.site = site;
        this.tables = new Tables(sections);
    }

    /**
     * @param file as it is named in messages
     * @param environment the variables that the text may name
     */
    public static void read(String text, String file, Map<String, String> environment, Site site)
            throws UnreadableException {
        new HaproxyImport(ConfigFile.read(text, file, site.report(), environment), site).carryOver();
    }

    /** Whether a line of a text can only be one of HAProxy. */
    public static boolean begins(String line) {
        var words = line.strip().split("\\s+");
        return ConfigFile.SECTIONS.contains(words[0]) && !line.matches(".*[;{}].*");
    }

    private void carryOver() {
        // Who sends to whom is known before anything is said about it.
        for (var section : sections) {
            if (PROXIES.contains(section.kind())) {
                proxies.put(section, proxied(section));
            }
        }
        for (var proxied : proxies.values()) {
            listen(proxied);
        }
        for (var proxied : proxies.values()) {
            apply(proxied);
        }
        proxies.values().forEach(this::finish);
        sections.forEach(this::others);
    }

    private Proxied proxied(Section section) {
        boolean serves = !section.kind().equals("frontend")
                && !disabled(section)
                && section.lines().stream().anyMatch(said -> said.name().matches("server|server-template"));
        return new Proxied(section, site, tables, serves ? site.pool(section.name()) : null);
    }

    private static boolean disabled(Section section) {
        return section.all().stream()
                .filter(said -> said.name().matches("disabled|enabled"))
                .reduce((first, second) -> second)
                .map(said -> said.name().equals("disabled"))
                .orElse(false);
    }

    /** What other lines are about: entrances, definitions, what servers have in common. */
    private void listen(Proxied proxied) {
        var section = proxied.section();
        if (disabled(section)) {
            section.lines().forEach(said -> said.unneeded("the section is disabled"));
            return;
        }
        boolean sends = section.kind().equals("frontend") || proxied.pool().isPresent();
        for (var said : section.lines()) {
            switch (said.name()) {
                case "bind" -> {
                    if (sends && !onlyStatistics(section)) {
                        Bind.apply(said, proxied);
                    } else {
                        said.differs("no listener: nothing is sent from here to a server");
                    }
                }
                case "acl" -> RouteRules.define(said, proxied);
                default -> {}
            }
        }
        section.all().stream()
                .filter(said -> said.name().equals("default-server"))
                .forEach(said -> {
                    proxied.serverDefaults().addAll(SubWords.of(said, 1, ServerRules.WITH_VALUE));
                    said.carried("for each server");
                });
    }

    /** A frontend that only shows the statistics page, or the metrics, sends nothing anywhere. */
    private static boolean onlyStatistics(Section section) {
        return section.kind().equals("frontend")
                && section.all().stream().noneMatch(said -> said.name().matches("default_backend|use_backend"));
    }

    private void apply(Proxied proxied) {
        var section = proxied.section();
        if (disabled(section)) {
            return;
        }
        var own = new HashSet<String>();
        section.lines().forEach(said -> own.add(key(said)));
        for (var said : section.all()) {
            boolean inherited = section.inherits(said);
            if (said.name().matches("bind|default-server") || inherited && own.contains(key(said))) {
                continue;
            }
            if (said.name().equals("server") || said.name().equals("server-template")) {
                proxied.servers().add(said);
            }
            if (said.name().equals("no")) {
                said.unneeded("as if it had not been said");
                continue;
            }
            apply(said, proxied, inherited);
        }
        if (proxied.isFront() && proxied.isBack()) {
            proxied.pool()
                    .ifPresent(pool -> proxied.onEntrances(entrance -> {
                        if (entrance.otherwise().isEmpty()) {
                            entrance.otherwise(pool, section.header());
                        }
                    }));
        }
    }

    /** By what a section replaces what it inherits; {@code no option x} replaces {@code option x}. */
    private String key(Said said) {
        var words = said.name().equals("no") && said.words().size() > 1 ? said.arguments() : said.words();
        var bare = new Said(said.line(), words, said.report());
        for (var rules : List.of(HaproxyRules.FRONT, HaproxyRules.BACK, HaproxyRules.BOTH)) {
            var rule = rules.of(bare);
            if (rule != null) {
                return rule.directive();
            }
        }
        return said.name();
    }

    private static void apply(Said said, Proxied proxied, boolean inherited) {
        var rules = rules(said, proxied);
        if (rules != null) {
            rules.apply(said, proxied);
        } else if (!inherited && known(said)) {
            said.unneeded(
                    "HAProxy does nothing for it in a " + proxied.section().kind());
        }
    }

    private static @Nullable Rules<Proxied> rules(Said said, Proxied proxied) {
        if (proxied.isFront() && HaproxyRules.FRONT.of(said) != null) {
            return HaproxyRules.FRONT;
        }
        if (proxied.isBack() && HaproxyRules.BACK.of(said) != null) {
            return HaproxyRules.BACK;
        }
        return HaproxyRules.BOTH.of(said) == null ? null : HaproxyRules.BOTH;
    }

    private static boolean known(Said said) {
        return HaproxyRules.FRONT.of(said) != null || HaproxyRules.BACK.of(said) != null;
    }

    private void finish(Proxied proxied) {
        var header = proxied.section().header();
        if (disabled(proxied.section())) {
            header.unneeded("disabled");
            return;
        }
        proxied.pool().ifPresent(pool -> {
            CheckRules.finish(proxied, pool);
            BalanceRules.finish(proxied, pool);
        });
        TimeoutRules.finish(proxied);
        if (!proxied.http() && proxied.section().kind().equals("frontend")) {
            proxies.values().stream()
                    .filter(back -> proxied.entrances().stream()
                            .anyMatch(entrance -> entrance.otherwise().equals(back.pool())
                                    && back.pool().isPresent()))
                    .forEach(back -> TimeoutRules.finishServer(proxied, back));
        }
        for (var entrance : proxied.entrances()) {
            entrance.settings().tell(header, Verdict.CARRIED, "listener " + entrance.name());
        }
        if (proxied.entrances().isEmpty() && proxied.pool().isEmpty()) {
            header.differs("neither a listener nor a backend: see its lines");
        }
        for (var acl : proxied.acls()) {
            acl.said().otherwise(Verdict.UNNEEDED, "nothing that is carried over uses it");
        }
        proxied.section().lines().stream()
                .filter(said -> rules(said, proxied) != null)
                .forEach(said -> said.otherwise(Verdict.UNNEEDED, "it bears on nothing here"));
    }

    private void others(Section section) {
        var why = ELSEWHERE.get(section.kind());
        switch (section.kind()) {
            case "global" -> {
                section.header().carried("what holds for the process");
                for (var said : section.lines()) {
                    if (HaproxyRules.GLOBAL.of(said) == null && GlobalRules.isTuning(said)) {
                        said.unneeded("tuning of HAProxy's own");
                    } else {
                        HaproxyRules.GLOBAL.apply(said, site);
                    }
                }
            }
            case "defaults" -> {
                section.header().carried("in the sections that inherit it");
                section.lines().stream()
                        .filter(HaproxyImport::isProxyRule)
                        .forEach(said -> said.otherwise(Verdict.UNNEEDED, "no section takes it from here"));
            }
            case "resolvers" ->
                all(section)
                        .forEach(said -> said.differs(
                                "names are resolved by the system's resolver; discovery.dns.resolvers names others"));
            default -> {
                if (why != null) {
                    all(section).forEach(said -> said.lost(why));
                }
            }
        }
    }

    private static boolean isProxyRule(Said said) {
        return known(said) || HaproxyRules.BOTH.of(said) != null || said.name().equals("no");
    }

    private static List<Said> all(Section section) {
        var all = new ArrayList<>(List.of(section.header()));
        all.addAll(section.lines());
        return all;
    }
}
