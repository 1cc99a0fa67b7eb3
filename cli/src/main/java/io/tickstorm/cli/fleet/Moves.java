package io.tickstorm.cli.fleet;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Has every proxy of a cluster give a pod no new work, or give it work again: all of them or none. Whoever does not answer, or does not know the pod, keeps the others from
 * being told. If one refuses when it is told, those that took it are told to take it back; what became of each is in the result.
 */
public final class Moves {
    private final Calls calls;
    private final @Nullable String token;

    /** @param token of the admin ports; null if they need none */
    public Moves(Calls calls, @Nullable String token) {
        this.calls = calls;
        this.token = token;
    }

    /**
     * What became of it.
     *
     * @param done whether every proxy has it
     * @param proxies what each says, or why it was not told
     * @param drainedAt the proxies that have the pod drained now, as far as is known
     * @param inFlight attempts that run on the pod, at the proxies that were told
     */
    public record Moved(
            boolean done,
            String pod,
            String backends,
            Map<String, String> proxies,
            List<String> drainedAt,
            long inFlight) {
        /** For {@code -o json}. */
        public Map<String, Object> tree() {
            var tree = new LinkedHashMap<String, Object>();
            tree.put("done", done);
            tree.put("pod", pod);
            tree.put("backends", backends);
            tree.put("proxies", proxies);
            tree.put("drainedAt", drainedAt);
            tree.put("inFlight", inFlight);
            return tree;
        }
    }

    /** An endpoint, as one proxy calls it. */
    private record Target(Pod proxy, String backend, String address, boolean drained) {
        String path(boolean drain) {
            return "/backends/" + encoded(backend) + "/upstreams/" + encoded(address) + (drain ? "/drain" : "/resume");
        }

        private static String encoded(String text) {
            return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
        }
    }

    /** Whether a pod of this name is anything to any proxy that answers. */
    public static boolean knows(Fleet fleet, String pod) {
        return fleet.backends().stream()
                .flatMap(backend -> backend.upstreams().stream())
                .anyMatch(upstream -> named(upstream.name(), upstream.address(), pod));
    }

    /**
     * Tells all of them.
     *
     * @param pod its name, or the address of its endpoint
     */
    public Moved move(Fleet fleet, String pod, boolean drain) throws InterruptedException {
        var targets = new ArrayList<Target>();
        var said = new LinkedHashMap<String, String>();
        for (var proxy : fleet.proxies()) {
            var own = targets(proxy, pod);
            if (proxy.state() == null) {
                said.put(proxy.name(), "does not answer: " + proxy.silence());
            } else if (own.isEmpty()) {
                said.put(proxy.name(), "does not know " + pod);
            }
            targets.addAll(own);
        }
        var backends = String.join(
                ", ", targets.stream().map(Target::backend).distinct().toList());
        if (!said.isEmpty()) {
            fleet.answering().forEach(proxy -> said.putIfAbsent(proxy.name(), "not told, because not all could be"));
            return new Moved(false, pod, backends, said, drainedAt(targets, List.of(), drain), 0);
        }
        return tell(pod, backends, targets, drain);
    }

    private Moved tell(String pod, String backends, List<Target> targets, boolean drain) throws InterruptedException {
        var told = new ArrayList<Target>();
        var said = new LinkedHashMap<String, String>();
        long inFlight = 0;
        for (var target : targets) {
            var answer = calls.ask(List.of(target.proxy()), proxy -> calls.post(proxy, target.path(drain), token))
                    .get(target.proxy());
            if (answer instanceof Answer.Told done && done.done()) {
                told.add(target);
                inFlight += done.body().getLong("inFlight", 0L);
                said.putIfAbsent(target.proxy().name(), done.body().getString("message", ""));
            } else {
                said.put(target.proxy().name(), reason(answer));
                takeBack(told, said, drain);
                targets.forEach(other -> said.putIfAbsent(other.proxy().name(), "not told, because not all could be"));
                return new Moved(false, pod, backends, said, drainedAt(targets, told, drain), inFlight);
            }
        }
        return new Moved(true, pod, backends, said, drainedAt(targets, told, drain), inFlight);
    }

    /** Those that were so before stay so. What cannot be taken back stays in {@code told}. */
    private void takeBack(List<Target> told, Map<String, String> said, boolean drain) throws InterruptedException {
        for (var target : List.copyOf(told)) {
            if (target.drained() == drain) {
                continue;
            }
            var answer = calls.ask(List.of(target.proxy()), proxy -> calls.post(proxy, target.path(!drain), token))
                    .get(target.proxy());
            if (answer instanceof Answer.Told done && done.done()) {
                told.remove(target);
                said.put(target.proxy().name(), "took it and gave it back, because not all could be told");
            } else {
                said.put(target.proxy().name(), "took it, and could not be told to give it back: " + reason(answer));
            }
        }
    }

    private static String reason(@Nullable Answer answer) {
        return switch (answer) {
            case Answer.Told told -> "refused: " + told.error();
            case Answer.Silent(var why) -> "does not answer: " + why;
            case null -> "was not asked";
        };
    }

    private static List<String> drainedAt(List<Target> targets, List<Target> told, boolean drain) {
        return targets.stream()
                .filter(target -> told.contains(target) ? drain : target.drained())
                .map(target -> target.proxy().name())
                .distinct()
                .toList();
    }

    private static List<Target> targets(Proxy proxy, String pod) {
        var state = proxy.state();
        if (state == null) {
            return List.of();
        }
        return state.backends().stream()
                .flatMap(backend -> backend.upstreams().stream()
                        .filter(upstream -> named(upstream.name(), upstream.address(), pod))
                        .map(upstream ->
                                new Target(proxy.pod(), backend.name(), upstream.address(), upstream.drained())))
                .toList();
    }

    private static boolean named(String name, String address, String wanted) {
        return name.equals(wanted) || address.equals(wanted);
    }
}
