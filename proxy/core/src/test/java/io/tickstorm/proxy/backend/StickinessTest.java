package io.tickstorm.proxy.backend;

import static io.tickstorm.proxy.backend.BackendFixture.active;
import static io.tickstorm.proxy.backend.BackendFixture.draining;
import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.backend.StickinessSettings.SameSite;
import io.tickstorm.proxy.backend.StickinessSettings.SourceIp;
import io.tickstorm.proxy.balance.Chooser;
import io.tickstorm.proxy.endpoint.Endpoint;
import io.tickstorm.proxy.endpoint.FailureKind;
import io.tickstorm.proxy.retry.RetrySettings;
import io.tickstorm.proxy.retry.WireState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StickinessTest {
    private static final Duration TIMEOUT = Duration.ofMinutes(30);
    private static final Endpoint[] THREE = {active("a"), active("b"), active("c")};

    @TempDir
    private Path folder;

    @Test
    void aCookieBringsAClientBack() throws IOException {
        var fixture = byCookie(LimitSettings.NONE);
        fixture.update(THREE);
        var cookie = cookie(fixture);
        var first = fixture.acquire();
        assertThat(first.keptTarget()).as("a new client gets a cookie").isFalse();
        var home = BackendFixture.name(first);
        var target = cookie.target(cookie.value(first.upstream().id()));

        for (int i = 0; i < 20; i++) {
            var next = acquire(fixture, target);
            assertThat(BackendFixture.name(next)).isEqualTo(home);
            assertThat(next.keptTarget()).isTrue();
        }
    }

    @Test
    void aTargetThatIsGoneIsReplaced() throws IOException {
        var fixture = byCookie(LimitSettings.NONE);
        fixture.update(THREE);
        fixture.update(active("b"));

        var next = acquire(fixture, "uid-a");

        assertThat(BackendFixture.name(next)).isEqualTo("b");
        assertThat(next.keptTarget()).isFalse();
    }

    @Test
    void aTargetThatIsHeldBackIsReplaced() throws IOException {
        var fixture = byCookie(LimitSettings.NONE);
        fixture.update(draining("a"), active("b"), active("c"));
        assertThat(acquire(fixture, "uid-a").keptTarget()).as("terminating").isFalse();

        fixture.openCircuitOf("b");
        assertThat(acquire(fixture, "uid-b").keptTarget()).as("open circuit").isFalse();
        fixture.backend.drain(active("c").id());
        assertThat(acquire(fixture, "uid-c").keptTarget()).as("drained by hand").isFalse();
    }

    @Test
    void aTargetThatIsFullStaysTheTarget() throws IOException {
        var fixture = byCookie(new LimitSettings(1, 0, LimitSettings.NONE.queue()));
        fixture.update(THREE);
        var running = acquire(fixture, "uid-a");

        var elsewhere = acquire(fixture, "uid-a");
        assertThat(BackendFixture.name(elsewhere)).isNotEqualTo("a");
        assertThat(elsewhere.keptTarget()).isTrue();

        running.end(new Outcome.Success(1));
        assertThat(BackendFixture.name(acquire(fixture, "uid-a"))).isEqualTo("a");
    }

    @Test
    void aRetryLeavesTheTargetItFailedAt() throws IOException {
        var fixture = byCookie(LimitSettings.NONE);
        fixture.update(THREE);
        var attempts = new Attempts(Chooser.NO_KEY, "uid-a");
        var first = fixture.backend.acquire(attempts);
        assertThat(first).isNotNull();
        first.end(new Outcome.Failure(FailureKind.CONNECT_REFUSED));

        assertThat(fixture.backend.retry(attempts, FailureKind.CONNECT_REFUSED, WireState.NOTHING_SENT, false, true))
                .isInstanceOfSatisfying(Lease.class, next -> {
                    assertThat(BackendFixture.name(next)).isNotEqualTo("a");
                    assertThat(next.keptTarget()).as("it cannot be reached").isFalse();
                });
    }

    @Test
    void anAddressIsBroughtBackWhateverThePolicy() {
        var fixture = bySource(16);
        fixture.update(THREE);
        assertThat(fixture.backend.affinity()).isInstanceOf(Affinity.ClientIp.class);
        assertThat(fixture.backend.stickyCookie()).isNull();

        for (long key = 1; key < 6; key++) {
            var home = from(fixture, key);
            for (int i = 0; i < 10; i++) {
                assertThat(from(fixture, key)).as("key %d", key).isEqualTo(home);
            }
        }
    }

    @Test
    void anAddressIsForgottenAfterSilence() {
        var fixture = bySource(16);
        fixture.update(active("a"));
        from(fixture, 7);
        fixture.update(active("a"), active("b"));
        fixture.acquire("a");

        fixture.time.advance(TIMEOUT);
        assertThat(from(fixture, 7)).as("seen at the last moment").isEqualTo("a");
        fixture.time.advance(TIMEOUT.plusMillis(1));

        assertThat(from(fixture, 7)).as("the less loaded one").isEqualTo("b");
    }

    @Test
    void anAddressWhoseUpstreamIsGoneMovesForGood() {
        var fixture = bySource(16);
        fixture.update(active("a"));
        from(fixture, 7);
        fixture.update(active("b"));
        assertThat(from(fixture, 7)).isEqualTo("b");

        fixture.update(active("a"), active("b"));
        for (int i = 0; i < 5; i++) {
            assertThat(from(fixture, 7)).isEqualTo("b");
        }
    }

    @Test
    void otherSettingsForgetAndOthersDoNot() {
        var fixture = bySource(16);
        fixture.update(active("a"));
        from(fixture, 7);
        fixture.update(active("a"), active("b"));
        fixture.acquire("a");

        fixture.backend.change(
                settings(new LimitSettings(50, 0, LimitSettings.NONE.queue()), new SourceIp(TIMEOUT, 16)));
        assertThat(from(fixture, 7)).isEqualTo("a");
        fixture.backend.change(settings(LimitSettings.NONE, null));
        assertThat(from(fixture, 7)).isEqualTo("b");
    }

    private static String from(BackendFixture fixture, long key) {
        var lease = fixture.backend.acquire(new Attempts(key, null));
        assertThat(lease).isNotNull();
        lease.end(new Outcome.Success(1));
        return BackendFixture.name(lease);
    }

    private static Lease acquire(BackendFixture fixture, @Nullable String target) {
        var lease = fixture.backend.acquire(new Attempts(Chooser.NO_KEY, target));
        assertThat(lease).isNotNull();
        return lease;
    }

    private static StickyCookie cookie(BackendFixture fixture) {
        var cookie = fixture.backend.stickyCookie();
        assertThat(cookie).isNotNull();
        return cookie;
    }

    private BackendFixture byCookie(LimitSettings limits) throws IOException {
        var file = Files.writeString(folder.resolve("secret"), "0123456789abcdef");
        return new BackendFixture(
                settings(
                        limits, new StickinessSettings.Cookie("c", file.toString(), Duration.ZERO, true, SameSite.LAX)),
                null);
    }

    private static BackendFixture bySource(int size) {
        return new BackendFixture(settings(LimitSettings.NONE, new SourceIp(TIMEOUT, size)), null);
    }

    private static BackendSettings settings(LimitSettings limits, @Nullable StickinessSettings stickiness) {
        return BackendFixture.with(BackendFixture.settings(false, new RetrySettings.Budget(20, 1)), limits, stickiness);
    }
}
