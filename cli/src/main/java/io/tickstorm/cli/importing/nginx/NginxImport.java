package io.tickstorm.cli.importing.nginx;

import io.tickstorm.cli.importing.draft.Rules;
import io.tickstorm.cli.importing.draft.Site;
import io.tickstorm.cli.importing.draft.UnreadableException;
import io.tickstorm.cli.importing.draft.Verdict;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Carries a configuration of nginx over. */
public final class NginxImport {
    private final Site site;

    private NginxImport(Site site) {
        this.site = site;
    }

    /**
     * @param file as it is named in messages
     * @param folder to which included files are relative; null = they are not read
     */
    public static void read(String text, String file, @Nullable Path folder, Site site) throws UnreadableException {
        new NginxImport(site).carryOver(ConfigFile.read(text, file, folder, site.report()));
    }

    private void carryOver(List<Directive> main) {
        // a file of sites-enabled has servers without http around them
        boolean partial = main.stream().noneMatch(block -> block.name().matches("http|stream"));
        var http = partial
                ? main
                : main.stream()
                        .filter(block -> block.name().equals("http"))
                        .flatMap(block -> block.children().stream())
                        .toList();
        var stream = main.stream()
                .filter(block -> block.name().equals("stream"))
                .flatMap(block -> block.children().stream())
                .toList();
        new Servers(site, true, http).carryOver();
        new Servers(site, false, stream).carryOver();
        for (var directive : main) {
            main(directive, partial);
        }
    }

    private void main(Directive directive, boolean partial) {
        switch (directive.name()) {
            case "http", "stream" -> directive.said().carried("what holds for the servers in it");
            case "events" -> {
                directive.said().carried("what holds for the process");
                directive.children().forEach(child -> apply(NginxRules.MAIN, child));
            }
            case "mail" -> directive.all(Verdict.LOST, "mail is not proxied");
            default -> {
                if (!partial || NginxRules.MAIN.of(directive.said()) != null) {
                    var rules = NginxRules.MAIN.of(directive.said()) == null ? NginxRules.HTTP : NginxRules.MAIN;
                    apply(rules, directive);
                }
            }
        }
    }

    private void apply(Rules<Scope> rules, Directive directive) {
        rules.apply(directive.said(), new Scope(site, true, List.of(), null, new Shared(List.of())));
    }
}
