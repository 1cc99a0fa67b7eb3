package io.tickstorm.cli.importing.haproxy;

import io.tickstorm.cli.importing.draft.Entrance;
import io.tickstorm.cli.importing.draft.Pool;
import io.tickstorm.cli.importing.draft.Said;
import io.tickstorm.cli.importing.draft.Site;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What is being made of a {@code frontend}, {@code backend} or {@code listen}. */
final class Proxied {
    private final Section section;
    private final Site site;
    private final Tables tables;
    private final boolean http;
    private final @Nullable Pool pool;
    private final List<Entrance> entrances = new ArrayList<>();
    private final Map<String, List<Acl>> acls = new LinkedHashMap<>();
    private final Map<String, Timeout> timeouts = new HashMap<>();
    private final Map<Entrance, List<Match>> routes = new HashMap<>();
    private final List<Said> servers = new ArrayList<>();
    private final List<Said> serverDefaults = new ArrayList<>();

    /** A time of a {@code timeout}, and who said it. */
    record Timeout(Duration value, Said by) {}

    /** @param pool null if no server is here */
    Proxied(Section section, Site site, Tables tables, @Nullable Pool pool) {
        this.section = section;
        this.site = site;
        this.tables = tables;
        this.pool = pool;
        this.http = section.all().stream()
                .filter(said -> said.name().equals("mode"))
                .reduce((first, second) -> second)
                .map(said -> said.word(1).equals("http"))
                .orElse(false);
    }

    Section section() {
        return section;
    }

    Site site() {
        return site;
    }

    Tables tables() {
        return tables;
    }

    boolean http() {
        return http;
    }

    boolean isFront() {
        return !section.kind().equals("backend");
    }

    boolean isBack() {
        return !section.kind().equals("frontend");
    }

    List<Entrance> entrances() {
        return entrances;
    }

    void onEntrances(Consumer<Entrance> action) {
        entrances.forEach(action);
    }

    void onPool(Consumer<Pool> action) {
        pool().ifPresent(action);
    }

    Optional<Pool> pool() {
        return Optional.ofNullable(pool);
    }

    void timeout(String name, Said said, Duration value) {
        timeouts.put(name, new Timeout(value, said));
    }

    Optional<Timeout> timeout(String name) {
        return Optional.ofNullable(timeouts.get(name));
    }

    /** The definitions of a name; they are alternatives. */
    List<Acl> acl(String name) {
        return acls.getOrDefault(name, List.of());
    }

    void define(Acl acl) {
        acls.computeIfAbsent(acl.name(), any -> new ArrayList<>()).add(acl);
    }

    Iterable<Acl> acls() {
        return acls.values().stream().flatMap(List::stream).toList();
    }

    /** The routes that an entrance has so far. */
    List<Match> earlier(Entrance entrance) {
        return routes.computeIfAbsent(entrance, any -> new ArrayList<>());
    }

    List<Said> servers() {
        return servers;
    }

    List<Said> serverDefaults() {
        return serverDefaults;
    }
}
