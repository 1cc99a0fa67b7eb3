package io.tickstorm.cli.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** All proxies or none, on real ones. */
@Timeout(60)
class MovesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    @Test
    void drainsAndResumesAtEveryProxy() throws Exception {
        try (var live = new LiveProxies(2)) {
            var drained = move(live.admins(), live.server(1), true, null);

            assertThat(drained.done()).isTrue();
            assertThat(drained.drainedAt()).isEqualTo(live.admins());
            assertThat(drainedAt(live, 1)).isEqualTo(live.admins());
            assertThat(drainedAt(live, 0)).isEmpty();

            var resumed = move(live.admins(), live.server(1), false, null);

            assertThat(resumed.done()).isTrue();
            assertThat(drainedAt(live, 1)).isEmpty();
        }
    }

    @Test
    void aProxyThatDoesNotAnswerKeepsTheOthersAsTheyWere() throws Exception {
        try (var live = new LiveProxies(3)) {
            var admins = live.admins();
            live.stopProxy(1);

            var moved = move(admins, live.server(0), true, null);

            assertThat(moved.done()).isFalse();
            assertThat(moved.drainedAt()).isEmpty();
            assertThat(moved.proxies().get(admins.get(1))).startsWith("does not answer: ");
            assertThat(moved.proxies().get(admins.get(0))).isEqualTo("not told, because not all could be");
            assertThat(drainedAt(List.of(admins.get(0), admins.get(2)), live.server(0)))
                    .isEmpty();
        }
    }

    @Test
    void whatSomeTookBeforeOneRefusedIsTakenBack() throws Exception {
        var token = Files.writeString(folder.resolve("token"), "right\n");
        try (var open = new LiveProxies(1);
                var guarded = new LiveProxies(1, ", tokenFile: " + token)) {
            // Both know a server of the address only if it is the same one: each is asked for its own.
            var admins = List.of(open.admins().getFirst(), guarded.admins().getFirst());
            var fleet = look(admins);
            var both = new Fleet(
                    fleet.place(),
                    fleet.cluster(),
                    null,
                    fleet.proxies().stream()
                            .map(proxy -> renamed(proxy, "web-0"))
                            .toList(),
                    fleet.backends(),
                    List.of());
            try (var place = new AddressPlace(admins);
                    var calls = new Calls(place, PATIENCE)) {
                var moved = new Moves(calls, "wrong").move(both, "web-0", true);

                assertThat(moved.done()).isFalse();
                assertThat(moved.proxies().get(admins.get(0)))
                        .isEqualTo("took it and gave it back, because not all could be told");
                assertThat(moved.proxies().get(admins.get(1)))
                        .isEqualTo("refused: Authorization: another token (expected: the one in admin.tokenFile)");
                assertThat(moved.drainedAt()).isEmpty();
                assertThat(drainedAt(open, 0)).isEmpty();

                assertThat(new Moves(calls, "right").move(both, "web-0", true).done())
                        .isTrue();
                assertThat(drainedAt(open, 0)).hasSize(1);
                assertThat(drainedAt(guarded, 0)).hasSize(1);
            }
        }
    }

    @Test
    void whatWasDrainedBeforeIsNotResumedBecauseAnotherProxyRefused() throws Exception {
        try (var live = new LiveProxies(2)) {
            var admins = live.admins();
            assertThat(move(admins.subList(0, 1), live.server(0), true, null).done())
                    .isTrue();
            live.stopProxy(1);

            var moved = move(admins, live.server(0), true, null);

            assertThat(moved.done()).isFalse();
            assertThat(moved.drainedAt()).containsExactly(admins.getFirst());
            assertThat(drainedAt(admins.subList(0, 1), live.server(0))).hasSize(1);
        }
    }

    /** The same state, with the first of its servers under a name that several proxies share. */
    private static Proxy renamed(Proxy proxy, String name) {
        var state = proxy.state();
        if (state == null) {
            throw new AssertionError(proxy.silence());
        }
        var backend = state.backends().getFirst();
        var first = backend.upstreams().getFirst();
        var called = new ProxyState.Upstream(
                name,
                first.address(),
                null,
                null,
                first.condition(),
                first.serving(),
                first.drained(),
                false,
                first.held(),
                first.share(),
                0,
                0,
                0,
                0,
                null,
                null,
                Buckets.NONE);
        var other = new ProxyState.Backend(
                backend.name(), backend.policy(), backend.mode(), "", 0, 0, null, true, List.of(called));
        return new Proxy(
                proxy.pod(), new ProxyState(false, true, 0, 0, "", List.of(), state.listeners(), List.of(other)), "");
    }

    private static Moves.Moved move(List<String> admins, String pod, boolean drain, @Nullable String token)
            throws Exception {
        try (var place = new AddressPlace(admins);
                var calls = new Calls(place, PATIENCE)) {
            return new Moves(calls, token).move(calls.look(place.sites(null).getFirst()), pod, drain);
        }
    }

    private static List<String> drainedAt(LiveProxies live, int server) throws Exception {
        return drainedAt(live.admins(), live.server(server));
    }

    private static List<String> drainedAt(List<String> admins, String server) throws Exception {
        return look(admins).backends().getFirst().upstreams().stream()
                .filter(upstream -> upstream.address().equals(server))
                .findFirst()
                .orElseThrow()
                .drainedAt();
    }

    private static Fleet look(List<String> admins) throws Exception {
        try (var place = new AddressPlace(admins);
                var calls = new Calls(place, PATIENCE)) {
            return calls.look(place.sites(null).getFirst());
        }
    }
}
