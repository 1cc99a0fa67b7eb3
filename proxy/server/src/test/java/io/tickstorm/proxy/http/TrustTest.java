package io.tickstorm.proxy.http;

import static io.tickstorm.proxy.http.RawServer.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.access.AccessLog;
import io.tickstorm.proxy.access.Entry;
import io.tickstorm.proxy.admission.ClientLimits;
import io.tickstorm.proxy.backend.Split;
import io.tickstorm.proxy.listener.ClientSettings;
import io.tickstorm.proxy.listener.ForwardedSettings;
import io.tickstorm.proxy.listener.ForwardedSettings.Header;
import io.tickstorm.proxy.listener.Rate;
import io.tickstorm.proxy.route.Routes;
import io.tickstorm.proxy.settings.AddressRange;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is believed of a proxy before us, and what of anybody else. Here every client is at 127.0.0.1. */
class TrustTest {
    private static final String US = "127.0.0.1";

    private final BlockingQueue<Entry> told = new LinkedBlockingQueue<>();
    private RawServer server;
    private Balancer balancer;
    private @Nullable Wire client;

    @BeforeEach
    void start() {
        server = RawServer.answering(request -> ok("hello"));
        balancer = Balancer.with("{}")
                .standingStill()
                .tells(new AccessLog() {
                    @Override
                    public boolean wants(boolean failed) {
                        return true;
                    }

                    @Override
                    public void ended(Entry entry) {
                        told.add(entry);
                    }
                })
                .before(server);
    }

    @AfterEach
    void stop() {
        if (client != null) {
            client.close();
        }
        balancer.close();
        server.close();
    }

    /** Settings hold for connections that are made after this. */
    private Wire client(Header header, String... trusted) {
        var proxies = Stream.of(trusted)
                .map(range -> Objects.requireNonNull(AddressRange.SYNTAX.parse().apply(range)))
                .toList();
        balancer.listener()
                .change(
                        Balancer.LIMITS,
                        new ForwardedSettings(proxies, header),
                        Routes.to(Split.to(balancer.backend())));
        client = balancer.client();
        return client;
    }

    private Wire.Message forwarded(Wire client, String fields) throws IOException {
        client.send("GET / HTTP/1.1\r\nHost: shop.example:8080\r\n" + fields + "\r\n");
        assertThat(client.message().status()).isEqualTo(200);
        return server.lastRequest();
    }

    /** The client in the log; without its port if that is the connection's own. */
    private String clientTold() throws InterruptedException {
        var entry = told.poll(Wire.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        return Objects.requireNonNull(entry, "an entry in time").client().replaceFirst("^127\\.0\\.0\\.1:.*", US);
    }

    @Test
    void whoIsNoTrustedProxyIsNotBelieved() throws Exception {
        var seen = forwarded(
                client(Header.X_FORWARDED, "10.0.0.0/8"),
                "X-Forwarded-For: 10.0.0.1\r\nX-Forwarded-Proto: https\r\nX-Real-IP: 10.0.0.1\r\n");

        assertThat(seen.field("x-forwarded-for")).isEqualTo(US);
        assertThat(seen.field("x-forwarded-proto")).isEqualTo("http");
        assertThat(seen.head()).doesNotContain("10.0.0.1");
        assertThat(clientTold()).isEqualTo(US);
    }

    @Test
    void aTrustedProxyIsAddedToWhatItSays() throws Exception {
        var seen = forwarded(
                client(Header.X_FORWARDED, "127.0.0.0/8"),
                "X-Forwarded-For: 198.51.100.7\r\nx-forwarded-for: 203.0.113.9 ,\r\nX-Forwarded-Proto: HTTPS\r\n"
                        + "X-Forwarded-Host: www.example\r\nX-Forwarded-Port: 443\r\nX-Real-IP: 203.0.113.9\r\n"
                        + "X-Forwarded-Else: 1\r\nForwarded: for=6.6.6.6\r\n");

        assertThat(seen.field("x-forwarded-for")).isEqualTo("198.51.100.7, 203.0.113.9, " + US);
        assertThat(seen.field("x-forwarded-proto")).isEqualTo("https");
        assertThat(seen.field("x-forwarded-host")).isEqualTo("www.example");
        assertThat(seen.field("x-forwarded-port")).isEqualTo("443");
        assertThat(seen.field("x-real-ip")).isEqualTo("203.0.113.9");
        assertThat(seen.head()).doesNotContainIgnoringCase("else").doesNotContain("6.6.6.6");
        assertThat(clientTold()).isEqualTo("203.0.113.9");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    198.51.100.7, 203.0.113.9, 10.0.0.2 | 203.0.113.9
                    10.0.0.1, 10.0.0.2                  | 10.0.0.1
                    6.6.6.6, unknown, 10.0.0.2          | 10.0.0.2
                    203.0.113.9:4711                    | 203.0.113.9
                    [2001:db8::1]:80, 10.0.0.2          | 2001:db8:0:0:0:0:0:1
                    2001:db8::1                         | 2001:db8:0:0:0:0:0:1
                    10.1                                | 127.0.0.1
                    203.0.113.9x                        | 127.0.0.1
                    <script>                            | 127.0.0.1
                    """)
    void theClientIsTheNearestThatIsNoTrustedProxy(String list, String expected) throws Exception {
        forwarded(client(Header.X_FORWARDED, "127.0.0.1", "10.0.0.0/8"), "X-Forwarded-For: " + list + "\r\n");

        assertThat(clientTold()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Forwarded-Proto: gopher",
                "X-Forwarded-Proto: https\r\nX-Forwarded-Proto: http",
                "X-Forwarded-Proto: https, http",
                "X-Forwarded-Host: a b",
                "X-Forwarded-Host: a/../b",
                "X-Forwarded-Port: 65536",
                "X-Forwarded-Port: 1x",
                "X-Real-IP: me"
            })
    void whatATrustedProxyCannotMeanIsReplaced(String field) throws IOException {
        var seen = forwarded(client(Header.X_FORWARDED, US), field + "\r\n");

        assertThat(seen.field("x-forwarded-for")).isEqualTo(US);
        assertThat(seen.field("x-forwarded-proto")).isEqualTo("http");
        assertThat(seen.field("x-forwarded-host")).isEqualTo("shop.example:8080");
        assertThat(seen.head()).doesNotContainIgnoringCase("x-forwarded-port").doesNotContainIgnoringCase("real-ip");
    }

    @Test
    void ofALongListItsEndIsPassedOn() throws Exception {
        var hops = "192.0.2.1, ".repeat(400);

        var seen = forwarded(client(Header.X_FORWARDED, US), "X-Forwarded-For: " + hops + "203.0.113.9\r\n");

        assertThat(seen.field("x-forwarded-for"))
                .hasSizeLessThan(2_100)
                .matches("(192\\.0\\.2\\.1, )+203\\.0\\.113\\.9, 127\\.0\\.0\\.1");
        assertThat(clientTold()).isEqualTo("203.0.113.9");
    }

    @Test
    void forwardedReplacesWhatAClientSays() throws Exception {
        var seen = forwarded(
                client(Header.FORWARDED),
                "Forwarded: for=6.6.6.6\r\nX-Forwarded-For: 6.6.6.6\r\nX-Real-IP: 6.6.6.6\r\n");

        assertThat(seen.field("forwarded")).isEqualTo("for=127.0.0.1;proto=http;host=\"shop.example:8080\"");
        assertThat(seen.head()).doesNotContain("6.6.6.6").doesNotContainIgnoringCase("x-forwarded");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    for=203.0.113.9                                        | 203.0.113.9
                    FOR="203.0.113.9:4711" ;proto=https                    | 127.0.0.1
                    FOR="203.0.113.9:4711";proto=https                     | 203.0.113.9
                    for="[2001:db8::1]:80";by=_x, for=10.0.0.2;host=a      | 2001:db8:0:0:0:0:0:1
                    for=6.6.6.6, for=_hidden, for=10.0.0.2                 | 10.0.0.2
                    for=6.6.6.6, proto=http, for=10.0.0.2                  | 10.0.0.2
                    for="203.0.113.\\9";ext="a,b;c\\""                     | 203.0.113.9
                    for=203.0.113.9;for=6.6.6.6                            | 127.0.0.1
                    for=203.0.113.9:80                                     | 127.0.0.1
                    for="2001:db8::1"                                      | 127.0.0.1
                    for="203.0.113.9                                       | 127.0.0.1
                    for = 203.0.113.9                                      | 127.0.0.1
                    for=203.0.113.9;host="a b"                             | 127.0.0.1
                    203.0.113.9                                            | 127.0.0.1
                    for=me                                                 | 127.0.0.1
                    """)
    void forwardedIsBelievedAsAWholeOrNotAtAll(String field, String expected) throws Exception {
        var seen = forwarded(client(Header.FORWARDED, "127.0.0.1", "10.0.0.0/8"), "Forwarded: " + field + "\r\n");

        var ours = "for=127.0.0.1;proto=http;host=\"shop.example:8080\"";
        assertThat(clientTold()).isEqualTo(expected);
        assertThat(seen.field("forwarded")).isEqualTo(expected.equals(US) ? ours : field + ", " + ours);
    }

    @Test
    void bothAreWrittenAndTheFirstBelieved() throws Exception {
        var seen = forwarded(
                client(Header.BOTH, US),
                "X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: www.example\r\n"
                        + "Forwarded: for=6.6.6.6\r\n");

        assertThat(seen.field("x-forwarded-for")).isEqualTo("203.0.113.9, " + US);
        assertThat(seen.field("forwarded")).isEqualTo("for=203.0.113.9;proto=https;host=www.example");
        assertThat(clientTold()).isEqualTo("203.0.113.9");
    }

    @Test
    void limitsOfClientsAreThoseOfWhomATrustedProxyNames() throws Exception {
        balancer.listener()
                .clients()
                .change(new ClientSettings(0, Rate.UNLIMITED, new Rate(1, 1), Rate.UNLIMITED, 64, List.of()));
        var proxy = client(Header.X_FORWARDED, US);
        forwarded(proxy, "X-Forwarded-For: 203.0.113.1\r\n");
        forwarded(proxy, "X-Forwarded-For: 203.0.113.2\r\n");

        proxy.send("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 6.6.6.6, 203.0.113.1\r\n\r\n");

        assertThat(proxy.message().status()).isEqualTo(429);
        assertThat(balancer.listener().clients().refused(ClientLimits.Reason.REQUEST_RATE))
                .isOne();
    }

    @Test
    void aClientThatIsNotTrustedHasItsOwnLimitsWhateverItSays() throws Exception {
        balancer.listener()
                .clients()
                .change(new ClientSettings(0, Rate.UNLIMITED, new Rate(1, 1), Rate.UNLIMITED, 64, List.of()));
        var liar = client(Header.X_FORWARDED);
        forwarded(liar, "X-Forwarded-For: 203.0.113.1\r\n");

        liar.send("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 203.0.113.2\r\n\r\n");

        assertThat(liar.message().status()).isEqualTo(429);
    }

    @Test
    void viaNamesTheVersionThatTheRequestCameBy() throws Exception {
        var old = client(Header.X_FORWARDED);
        old.send("GET / HTTP/1.0\r\nVia: 1.1 fred\r\n\r\n");
        old.message();

        assertThat(server.lastRequest().head()).containsSubsequence("Via: 1.1 fred\r\n", "via: 1.0 tickstorm\r\n");
    }
}
