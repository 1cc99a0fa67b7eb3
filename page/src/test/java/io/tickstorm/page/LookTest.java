package io.tickstorm.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.tickstorm.proxy.Proxy;
import io.tickstorm.proxy.config.ConfigResult;
import io.tickstorm.proxy.config.ProxyConfig;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What anybody can read and use: any scheme, any width, any number of upstreams, without a mouse. */
class LookTest {
    private static final int MANY = 500;
    private static Chromium chromium;

    @TempDir
    private Path folder;

    private final Vertx vertx = Vertx.vertx();
    private final List<String> errors = new ArrayList<>();

    @BeforeAll
    static void startBrowser() {
        chromium = Chromium.start();
    }

    @AfterAll
    static void endBrowser() {
        if (chromium != null) {
            chromium.close();
        }
    }

    @AfterEach
    void tearDown() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        assertThat(errors).as("what the browser complains of").isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = ColorScheme.class,
            names = {"LIGHT", "DARK"})
    void axeFindsNothing(ColorScheme scheme) throws Exception {
        var proxy = start(3, "");
        proxy.refused(List.of("proxy.yaml:3: listeners[0].port: 70000 (expected: 0..65535)"));

        for (var width : List.of(Chromium.WIDTH, Chromium.PHONE_WIDTH)) {
            var page = open(proxy, scheme, width);
            assertThat(page.locator("#problems")).containsText("A newer configuration is refused");
            page.locator("#configuration summary").click();
            assertThat(page.locator("#configuration-text")).containsText("listeners:");
            noViolations(page);

            page.locator("#groups tbody button.name").first().click();
            assertThat(page.locator("#why-text")).containsText("Because");
            noViolations(page);
            page.keyboard().press("Escape");
            page.locator("#groups tbody button:text('Drain')").first().click();
            noViolations(page);
        }
    }

    @Test
    void fiveHundredUpstreamsAreOverseen() throws Exception {
        var page = open(start(MANY, ""), ColorScheme.LIGHT, Chromium.WIDTH);

        assertThat(page.locator("#verdict")).containsText("All 500 upstreams get work");
        assertThat(page.locator("#groups tbody tr")).hasCount(50);
        noViolations(page);

        page.locator("#find").fill("web-499");
        assertThat(page.locator("#groups tbody tr")).hasCount(1);
        page.locator("#find").fill("");
        page.locator("button:text('Show all 500')").click();
        assertThat(page.locator("#groups tbody tr")).hasCount(MANY);

        // With all of them shown the page keeps up.
        page.locator("[aria-label='Drain web-499']").click();
        page.locator("#drain-go").click();
        assertThat(page.locator("#groups tbody tr").filter(new Locator.FilterOptions().setHasText("web-499")))
                .containsText("drained by hand");
        assertThat(page.locator("#stale")).isHidden();
    }

    @Test
    void noUpstreamAtAllIsSaidInWords() throws Exception {
        var page = open(start(0, ""), ColorScheme.LIGHT, Chromium.WIDTH);

        assertThat(page.locator("#verdict")).containsText("There is no upstream");
        assertThat(page.locator("#groups .empty").first()).containsText("No endpoint. They are named by static list");
        noViolations(page);
    }

    @Test
    void aPhoneShowsAllOfItWithoutScrollingSideways() throws Exception {
        var page = open(start(3, ""), ColorScheme.LIGHT, Chromium.PHONE_WIDTH);
        assertThat(page.locator("#groups tbody tr")).hasCount(3);

        assertThat((Integer) page.evaluate("() => document.documentElement.scrollWidth"))
                .isLessThanOrEqualTo(Chromium.PHONE_WIDTH);
        assertThat(page.locator("#groups tbody tr").first().locator("td[data-label='p99']"))
                .isVisible();
    }

    @Test
    void withTheKeyboardAloneAnUpstreamIsDrained() throws Exception {
        var page = open(start(2, ""), ColorScheme.LIGHT, Chromium.WIDTH);
        assertThat(page.locator("#groups tbody tr")).hasCount(2);

        tabTo(page, "Drain web-1");
        page.keyboard().press("Enter");
        assertThat(page.locator("#drain-go")).isFocused();
        page.keyboard().press("Enter");

        assertThat(page.locator("#groups tbody tr").nth(1)).containsText("drained by hand");
        assertThat(page.locator("#drain")).isHidden();

        page.keyboard().press("Shift+Tab");
        assertThat(page.locator("#groups tbody tr").nth(1).locator("button.name"))
                .isFocused();
        page.keyboard().press("Enter");
        assertThat(page.locator("#why-text")).containsText("gets no new work");
    }

    @Test
    void theTokenIsAskedForOnceAndKeptNowhere() throws Exception {
        Files.writeString(folder.resolve("token"), "secret\n");
        var page = open(start(2, ", tokenFile: token"), ColorScheme.LIGHT, Chromium.WIDTH);
        page.locator("[aria-label='Drain web-0']").click();

        page.locator("#token").fill("wrong");
        page.keyboard().press("Enter");
        assertThat(page.locator("#drain-error")).containsText("another token");
        // The browser tells of the refusal on its console, as of any.
        errors.removeIf(error -> error.contains("401"));
        page.locator("#token").fill("secret");
        page.keyboard().press("Enter");
        assertThat(page.locator("#groups tbody tr").first()).containsText("drained by hand");

        page.locator("[aria-label='Resume web-0']").click();
        assertThat(page.locator("#token")).isHidden();
        page.locator("#drain-go").click();
        assertThat(page.locator("#groups tbody tr").first()).containsText(Pattern.compile("serving|warming up"));
        assertThat(page.evaluate("() => localStorage.length + sessionStorage.length + document.cookie.length"))
                .isEqualTo(0);
    }

    @Test
    void nothingIsAskedOfAnotherPlace() throws Exception {
        var proxy = start(1, "");
        var page = chromium.open(proxy.adminPort());
        var elsewhere = new ArrayList<String>();
        page.onRequest(request -> {
            if (!request.url().startsWith("http://127.0.0.1:" + proxy.adminPort() + "/")) {
                elsewhere.add(request.url());
            }
        });

        page.reload();
        assertThat(page.locator("#verdict")).containsText("The one upstream gets work");

        assertThat(elsewhere).isEmpty();
    }

    private Page open(Proxy proxy, ColorScheme scheme, int width) {
        var page = chromium.open(proxy.adminPort(), scheme, width, Chromium.HEIGHT);
        page.onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                errors.add(message.text());
            }
        });
        page.onPageError(errors::add);
        page.reload();
        assertThat(page.locator("#link")).hasText("live");
        return page;
    }

    /** As somebody does who cannot see where it is: on and on, but not for ever. */
    private static void tabTo(Page page, String label) {
        for (int i = 0; i < 60; i++) {
            page.keyboard().press("Tab");
            var focused = page.evaluate("() => document.activeElement.getAttribute('aria-label')");
            if (label.equals(focused)) {
                return;
            }
        }
        throw new AssertionError(label + " cannot be reached with Tab");
    }

    private static void noViolations(Page page) {
        var found = new AxeBuilder(page)
                .analyze().getViolations().stream()
                        .map(rule -> rule.getId() + ": " + rule.getHelp() + " "
                                + rule.getNodes().stream()
                                        .map(node -> node.getHtml() + " " + node.getFailureSummary())
                                        .collect(Collectors.joining("; ")))
                        .toList();
        assertThat(found).isEmpty();
    }

    /** A proxy with so many upstreams, all of them on this machine and none of them asked for anything. */
    private Proxy start(int upstreams, String admin) throws Exception {
        var endpoints = IntStream.range(0, upstreams)
                .mapToObj(i -> "{name: web-%d, address: 127.0.%d.%d, port: 9}".formatted(i, i / 250, i % 250 + 1))
                .collect(Collectors.joining(", "));
        return Proxy.start(vertx, config("""
                listeners:
                  - {name: http, port: 0, address: 127.0.0.1, backend: web}
                  - {name: ticks, protocol: TCP, port: 0, address: 127.0.0.1, backend: ticks}
                backends:
                  - {name: web, discovery: {static: [%s]}}
                  - {name: ticks, discovery: {static: []}}
                accessLog: {requests: None}
                drain: {delay: 0s, timeout: 1s}
                health: {port: 0, address: 127.0.0.1}
                admin: {port: 0%s}
                metrics: {port: 0, address: 127.0.0.1}
                """.formatted(endpoints, admin)), folder)
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    private static ProxyConfig config(String text) throws IOException {
        return switch (ProxyConfig.read(text, "test")) {
            case ConfigResult.Valid(var config) -> config;
            case ConfigResult.Invalid invalid ->
                throw new IOException(invalid.messages().toString());
        };
    }
}
