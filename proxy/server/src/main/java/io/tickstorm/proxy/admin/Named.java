package io.tickstorm.proxy.admin;

import io.tickstorm.proxy.admin.State.BackendState;
import io.tickstorm.proxy.endpoint.Upstream;
import java.util.List;
import java.util.stream.Collectors;

/** Finds what a person has named. */
final class Named {
    /** As many names as a person reads in an error. */
    private static final int SHOWN = 20;

    private Named() {}

    /** @throws Refusal if there is none of this name */
    static BackendState backend(State state, String name) {
        return state.backends().stream()
                .filter(backend -> backend.backend().name().equals(name))
                .findFirst()
                .orElseThrow(() -> unknown(
                        "backend",
                        name,
                        state.backends().stream()
                                .map(backend -> backend.backend().name())
                                .toList()));
    }

    /** Those of a name, an address or a uid; a name may belong to several that differ in their addresses. */
    static List<Upstream> upstreams(BackendState backend, String name) {
        return backend.backend().upstreams().stream()
                .filter(upstream -> upstream.endpoint().name().equals(name)
                        || upstream.id().address().equals(name)
                        || upstream.id().uid().equals(name)
                        || upstream.toString().equals(name))
                .toList();
    }

    /** @throws Refusal if there is none, or more than one, of this name */
    static Upstream upstream(BackendState backend, String name) {
        var found = upstreams(backend, name);
        if (found.isEmpty()) {
            throw unknown("upstream", name, names(backend));
        }
        if (found.size() > 1) {
            throw new Refusal(
                    Refusal.CONFLICT,
                    "upstream: " + name + " is the name of " + found.size() + " (expected: one of "
                            + found.stream()
                                    .map(upstream -> upstream.id().address())
                                    .collect(Collectors.joining(", "))
                            + ")");
        }
        return found.getFirst();
    }

    static List<String> names(BackendState backend) {
        return backend.backend().upstreams().stream()
                .map(upstream -> upstream.endpoint().name())
                .toList();
    }

    static Refusal unknown(String kind, String name, List<String> known) {
        var shown = known.stream().distinct().limit(SHOWN).collect(Collectors.joining(", "));
        var more = known.size() > SHOWN ? " and " + (known.size() - SHOWN) + " more" : "";
        return new Refusal(
                Refusal.NOT_FOUND,
                kind + ": " + name + " (expected: " + (known.isEmpty() ? "there is none now" : "one of " + shown + more)
                        + ")");
    }
}
