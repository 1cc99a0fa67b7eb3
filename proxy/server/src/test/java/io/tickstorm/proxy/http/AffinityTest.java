package io.tickstorm.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.endpoint.EndpointSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests that belong to an upstream go there. */
class AffinityTest {
    private static final int ROUNDS = 8;

    @TempDir
    private Path folder;

    private final RawServer[] servers = IntStream.range(0, 4)
            .mapToObj(number -> RawServer.saying("s" + number))
            .toArray(RawServer[]::new);

    @AfterEach
    void close() {
        for (var server : servers) {
            server.close();
        }
    }

    @Test
    void theSameHeaderGoesToTheSameUpstream() throws IOException {
        try (var balancer = Balancer.with("balancing: {policy: ConsistentHash, hash: {by: Header, name: X-Tenant}}")
                .before(servers)) {
            var used = new HashSet<String>();
            for (int tenant = 0; tenant < 16; tenant++) {
                var field = "X-Tenant: " + tenant + "\r\n";
                var first = ask(balancer, field).body();
                used.add(first);
                for (int i = 0; i < ROUNDS; i++) {
                    assertThat(ask(balancer, field).body()).isEqualTo(first);
                }
            }
            assertThat(used).hasSizeGreaterThan(1);
        }
    }

    @Test
    void theSameCookieGoesToTheSameUpstream() throws IOException {
        try (var balancer = Balancer.with("balancing: {policy: ConsistentHash, hash: {by: Cookie, name: session}}")
                .before(servers)) {
            for (int session = 0; session < 8; session++) {
                var field = "Cookie: a=b; session=" + session + "\r\n";
                var first = ask(balancer, field).body();
                for (int i = 0; i < ROUNDS; i++) {
                    assertThat(ask(balancer, field).body()).isEqualTo(first);
                }
            }
        }
    }

    @Test
    void theSameClientGoesToTheSameUpstream() throws IOException {
        try (var balancer = Balancer.with("balancing: {policy: SourceIpHash}").before(servers)) {
            var first = ask(balancer, "").body();
            for (int i = 0; i < ROUNDS; i++) {
                assertThat(ask(balancer, "").body()).isEqualTo(first);
            }
        }
    }

    @Test
    void stickinessBySourceKeepsAClient() throws IOException {
        try (var balancer = Balancer.with("stickiness: {type: SourceIp}").before(servers)) {
            var first = ask(balancer, "").body();
            for (int i = 0; i < ROUNDS; i++) {
                assertThat(ask(balancer, "").body()).isEqualTo(first);
            }
        }
    }

    @Test
    void aCookieIsGivenOnceAndKeepsTheClient() throws IOException {
        try (var balancer = sticky()) {
            var first = ask(balancer, "");
            var cookie = first.field("set-cookie");

            assertThat(cookie)
                    .startsWith("tickstorm=")
                    .contains("; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure");
            for (int i = 0; i < ROUNDS; i++) {
                var next = ask(balancer, back(cookie));
                assertThat(next.body()).isEqualTo(first.body());
                assertThat(next.field("set-cookie")).isNull();
            }
        }
    }

    @Test
    void aCookieSurvivesWhatHappensToOthers() throws IOException {
        try (var balancer = sticky();
                var fresh = RawServer.saying("fresh")) {
            var first = ask(balancer, "");
            var mine = server(first.body());

            balancer.backend().update(EndpointSet.of(mine.endpoint(), fresh.endpoint()));

            for (int i = 0; i < ROUNDS; i++) {
                var next = ask(balancer, back(first.field("set-cookie")));
                assertThat(next.body()).isEqualTo(first.body());
                assertThat(next.field("set-cookie")).isNull();
            }
        }
    }

    @Test
    void aCookieIsRewrittenWhenItsPodIsGone() throws IOException {
        try (var balancer = sticky()) {
            var first = ask(balancer, "");
            var other = server(first.body()) == servers[0] ? servers[1] : servers[0];

            balancer.backend().update(EndpointSet.of(other.endpoint()));
            var moved = ask(balancer, back(first.field("set-cookie")));
            var rewritten = moved.field("set-cookie");

            assertThat(moved.body()).isNotEqualTo(first.body());
            assertThat(rewritten).startsWith("tickstorm=").isNotEqualTo(first.field("set-cookie"));
            balancer.backend()
                    .update(EndpointSet.of(servers[0].endpoint(), servers[1].endpoint(), servers[2].endpoint()));
            for (int i = 0; i < ROUNDS; i++) {
                assertThat(ask(balancer, back(rewritten)).body()).isEqualTo(moved.body());
            }
        }
    }

    /** The pod is named by discovery still, but nobody is there. */
    @Test
    void aCookieIsRewrittenWhenItsPodRefuses() throws IOException {
        try (var balancer = sticky()) {
            var first = ask(balancer, "");

            server(first.body()).close();
            var moved = ask(balancer, back(first.field("set-cookie")));

            assertThat(moved.status()).isEqualTo(200);
            assertThat(moved.body()).isNotEqualTo(first.body());
            assertThat(moved.field("set-cookie")).startsWith("tickstorm=");
        }
    }

    @Test
    void aCookieThatWeHaveNotSignedIsNone() throws IOException {
        try (var balancer = sticky()) {
            var forged = "Cookie: tickstorm=uid-" + servers[0].port() + ".AAAAAAAAAAAAAAAAAAAAAA\r\n";

            assertThat(ask(balancer, forged).field("set-cookie")).startsWith("tickstorm=");
        }
    }

    private Balancer sticky() throws IOException {
        var secret = folder.resolve("secret");
        Files.writeString(secret, "a secret of this test that is long enough to sign with");
        return Balancer.with("stickiness: {type: Cookie, secretFile: '" + secret + "'}")
                .before(servers);
    }

    private RawServer server(String name) {
        return servers[name.charAt(1) - '0'];
    }

    private static String back(String setCookie) {
        return "Cookie: theme=dark; " + setCookie.substring(0, setCookie.indexOf(';')) + "\r\n";
    }

    /** Over a connection of its own, so that nothing but the request can tell where it belongs. */
    private static Wire.Message ask(Balancer balancer, String fields) throws IOException {
        try (var client = balancer.client()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n");
            return client.message();
        }
    }
}
