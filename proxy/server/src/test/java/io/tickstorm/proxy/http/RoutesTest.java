package io.tickstorm.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.access.AccessLog;
import io.tickstorm.proxy.access.Entry;
import io.tickstorm.proxy.access.Termination;
import io.tickstorm.proxy.backend.Backend;
import io.tickstorm.proxy.backend.Split;
import io.tickstorm.proxy.http1.Flaw;
import io.tickstorm.proxy.listener.ForwardedSettings;
import io.tickstorm.proxy.route.HttpConditions;
import io.tickstorm.proxy.route.Route;
import io.tickstorm.proxy.route.Routes;
import io.tickstorm.proxy.settings.Yaml;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which server gets a request, by what is written in it. */
class RoutesTest {
    private final BlockingQueue<Entry> told = new LinkedBlockingQueue<>();
    private final RawServer site = server("site");
    private final RawServer api = server("api");
    private final RawServer admin = server("admin");
    private Balancer balancer;
    private Wire client;
    private Backend apiBackend;
    private Backend adminBackend;

    private static RawServer server(String name) {
        return RawServer.answering(request -> RawServer.ok(name));
    }

    @BeforeEach
    void start() {
        balancer = Balancer.with("").tells(told()).before(site);
        apiBackend = balancer.other("api", api);
        adminBackend = balancer.other("admin", admin);
        client = balancer.client();
    }

    private AccessLog told() {
        return new AccessLog() {
            @Override
            public boolean wants(boolean failed) {
                return true;
            }

            @Override
            public void ended(Entry entry) {
                told.add(entry);
            }
        };
    }

    @AfterEach
    void stop() {
        client.close();
        balancer.close();
        List.of(site, api, admin).forEach(RawServer::close);
    }

    private Entry nextTold() throws InterruptedException {
        return Objects.requireNonNull(told.poll(Wire.PATIENCE.toMillis(), TimeUnit.MILLISECONDS), "an entry in time");
    }

    private void routes(@Nullable Backend otherwise, String... words) {
        var list = new ArrayList<Route<Split>>();
        for (var word : words) {
            var parts = word.split(" -> ");
            var section = Yaml.read(parts[0], "test");
            var target = parts[1].equals("api") ? apiBackend : adminBackend;
            list.add(new Route<>("", HttpConditions.read(section), Split.to(target)));
            assertThat(section.problems().messages()).isEmpty();
        }
        balancer.listener()
                .change(
                        Balancer.LIMITS,
                        ForwardedSettings.DEFAULT,
                        new Routes<>(list, otherwise == null ? null : Split.to(otherwise)));
    }

    private String served(String target, String host, String fields) throws IOException {
        client.send("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n" + fields + "\r\n");
        var answer = client.message();
        return answer.status() == 200 ? answer.body() : String.valueOf(answer.status());
    }

    @ParameterizedTest
    @CsvSource({
        "a.example:8080, api",
        "A.EXAMPLE, api",
        "a.example., api",
        "x.b.example, admin",
        "x.y.b.example:1, admin",
        "b.example, site",
        "a.example.org, site",
        "[2001:db8:0::1]:80, admin",
        "[2001:db8::2], site",
    })
    void aHostIsComparedWithoutCaseAndPort(String host, String expected) throws IOException {
        routes(balancer.backend(), "hosts: [a.example] -> api", "hosts: ['*.b.example', '2001:db8::1'] -> admin");

        assertThat(served("/", host, "")).isEqualTo(expected);
    }

    @Test
    void theAuthorityOfTheTargetIsTheHost() throws IOException {
        routes(balancer.backend(), "hosts: [a.example] -> api");

        assertThat(served("http://a.example:1/x", "b.example", "")).isEqualTo("api");
        assertThat(served("http://b.example", "a.example", "")).isEqualTo("site");
    }

    @ParameterizedTest
    @CsvSource({
        "/admin, admin",
        "/admin/?x=/../, admin",
        "/%61dmin/x, admin",
        "/administer, site",
        "/api/v1, api",
        "/api/v1/admin%2Fx, api",
        "/api/a;v=1//b, api",
        "/API, site",
        "/?/admin, site",
        "/.well-known/x, site",
        "/api/.., 400",
        "/api/%2e%2E/admin, 400",
        "/api/..;x/admin, 400",
        "/api/./x, 400",
        "//admin, 400",
        "/admin%2Fx, 400",
        "/admin\\x, 400",
        "/admin;x, 400",
        "/admin%00, 400",
        "/100%, 400",
    })
    void aPathGoesToOneServerInEveryReadingOrNowhere(String target, String expected) throws IOException {
        routes(balancer.backend(), "pathPrefix: /api -> api", "pathPrefix: /admin/ -> admin");

        assertThat(served(target, "a", "")).isEqualTo(expected);
    }

    @Test
    void thePathIsPassedOnAsItWasSent() throws IOException {
        routes(balancer.backend(), "pathPrefix: /api -> api");

        assertThat(served("/%61pi//a%2Fb;c?%2e", "a", "")).isEqualTo("api");
        assertThat(api.lastRequest().startLine()).isEqualTo("GET /%61pi//a%2Fb;c?%2e HTTP/1.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a/../b", "//a", "/a%2F..%2Fb", "/%"})
    void whereNoRouteLooksAtThePathItIsNotJudged(String target) throws IOException {
        routes(balancer.backend(), "hosts: [a.example] -> api");

        assertThat(served(target, "a.example", "")).isEqualTo("api");
        assertThat(api.lastRequest().startLine()).isEqualTo("GET " + target + " HTTP/1.1");
    }

    @Test
    void headersMustBeThereOnceWithTheirValueOrAtAll() throws IOException {
        routes(
                balancer.backend(),
                "headers: [{name: x-user, value: Ada}] -> api",
                "headers: [{name: x-user, present: true}, {name: upgrade, present: true}] -> admin");

        assertThat(served("/", "a", "X-USER: Ada\r\n")).isEqualTo("api");
        assertThat(served("/", "a", "x-user: ada\r\n")).isEqualTo("site");
        assertThat(served("/", "a", "x-user: Ada\r\nX-User: Ada\r\n")).isEqualTo("site");
        assertThat(served("/", "a", "x-user:\r\nUpgrade: h2c\r\n")).isEqualTo("admin");
    }

    @Test
    void withoutARouteTheAnswerIs404AndTheConnectionGoesOn() throws Exception {
        routes(null, "pathPrefix: /api -> api");

        assertThat(served("/other", "a", "")).isEqualTo("404");
        assertThat(served("/api", "a", "")).isEqualTo("api");
        assertThat(balancer.counters().unrouted()).isOne();
        assertThat(balancer.listener().accepted()).isOne();
        assertThat(nextTold().termination()).isEqualTo(Termination.NO_ROUTE);
        assertThat(nextTold().backend()).isEqualTo("api");
    }

    @Test
    void aRequestOfHttp10WithoutHostFitsNoHosts() throws IOException {
        routes(null, "hosts: ['127.0.0.1'] -> api", "pathPrefix: /x -> admin");

        client.send("GET /x HTTP/1.0\r\n\r\n");

        assertThat(client.message().body()).isEqualTo("admin");
    }

    @Test
    void aRefusedPathIsCountedAndTold() throws Exception {
        routes(balancer.backend(), "pathPrefix: /api -> api");

        assertThat(served("/api/../x", "a", "")).isEqualTo("400");

        assertThat(balancer.counters().flaws(Flaw.PATH_AMBIGUOUS)).isOne();
        var entry = nextTold();
        assertThat(entry.termination()).isEqualTo(Termination.REQUEST_REFUSED);
        assertThat(entry.detail()).isEqualTo(Flaw.PATH_AMBIGUOUS.reason());
    }

    @Test
    void otherRoutesHoldFromTheNextRequestOn() throws IOException {
        routes(balancer.backend(), "pathPrefix: / -> api");
        assertThat(served("/", "a", "")).isEqualTo("api");

        routes(balancer.backend(), "pathPrefix: / -> admin");
        assertThat(served("/", "a", "")).isEqualTo("admin");

        routes(balancer.backend());
        assertThat(served("/", "a", "")).isEqualTo("site");
        assertThat(balancer.listener().accepted()).isOne();
    }
}
