package io.tickstorm.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** One page, open all the time, while things happen to the processes that it tells of. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LiveBrowserTest {
    private static final double PATIENCE_MILLIS = 20_000;
    private static final LocatorAssertions.ContainsTextOptions SOON =
            new LocatorAssertions.ContainsTextOptions().setTimeout(PATIENCE_MILLIS);
    private static final Pattern SOME = Pattern.compile("[1-9]");

    @TempDir
    private static Path folder;

    private static Chromium chromium;
    private static Fleet fleet;
    private static Page page;

    @BeforeAll
    static void setUp() throws IOException {
        chromium = Chromium.start();
        fleet = Fleet.start(3, folder);
        fleet.ask(4, "/slow?ms=20");
        page = chromium.open(fleet.adminPort());
        page.setDefaultTimeout(PATIENCE_MILLIS);
    }

    @AfterAll
    static void tearDown() {
        if (fleet != null) {
            fleet.close();
        }
        if (chromium != null) {
            chromium.close();
        }
    }

    @Test
    @Order(1)
    void trafficIsSeenAsItFlows() {
        assertThat(page.locator("#link")).hasText("live");
        assertThat(page.locator("#verdict")).containsText("All 3 upstreams get work; clients see no errors.", SOON);
        assertThat(figure("Requests /s")).containsText(SOME, SOON);
        assertThat(figure("p99")).containsText(Pattern.compile("[0-9]+ ms"), SOON);
        assertThat(cell("web-1", "Requests /s")).containsText(SOME, SOON);
        // What is fair is exact; what it has is as the machine lets it.
        assertThat(cell("web-1", "Share of work")).containsText(Pattern.compile("[1-9][0-9] %.*fair 33 %"), SOON);
        assertThat(page.locator("#charts canvas").first())
                .hasAttribute(
                        "aria-label",
                        Pattern.compile("attempts: [1-9].* in ten minutes"),
                        new LocatorAssertions.HasAttributeOptions().setTimeout(PATIENCE_MILLIS));
    }

    @Test
    @Order(2)
    void anUpstreamIsDrainedByClickAndResumed() {
        row("web-1")
                .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Drain web-1"))
                .click();
        assertThat(page.locator("#drain-text")).containsText("2 others serve.");
        page.locator("#drain-go").click();

        assertThat(cell("web-1", "State")).containsText("draining", SOON);
        assertThat(cell("web-1", "State")).containsText("drained by hand");
        assertThat(cell("web-1", "Requests /s"))
                .hasText("0", new LocatorAssertions.HasTextOptions().setTimeout(PATIENCE_MILLIS));
        assertThat(page.locator("#timeline li").first()).containsText("is drained by hand");

        row("web-1").locator("button:text('Resume')").click();
        page.locator("#drain-go").click();

        assertThat(cell("web-1", "State")).containsText("serving", SOON);
    }

    @Test
    @Order(3)
    void aBackendThatIsKilledIsToldOfWithReasonsWhileClientsSeeNothing() {
        fleet.backend(2).kill();

        assertThat(page.locator("#verdict")).containsText("2 of 3 upstreams get work", SOON);
        assertThat(page.locator("#problems")).containsText("web-2 of web: ");
        assertThat(cell("web-2", "State")).containsText(Pattern.compile("check failed|unreachable|circuit open"), SOON);
        assertThat(page.locator("#timeline")).containsText(Pattern.compile("check failed|unreachable|circuit opened"));
        assertThat(page.locator("#verdict")).containsText("clients see no errors");

        row("web-2").locator("button.name").click();

        assertThat(page.locator("#why-text")).containsText("of backend web gets no new work.");
        assertThat(page.locator("#why-text")).containsText("What to do");
        page.keyboard().press("Escape");
        assertThat(page.locator("#why")).isHidden();
    }

    @Test
    @Order(4)
    void aProxyThatStandsStillMakesThePageSaySo() throws Exception {
        assertThat(page.locator("#stale")).isHidden();

        fleet.proxy().stop();
        try {
            assertThat(page.locator("#stale")).containsText("what you see is of ", SOON);
            assertThat(page.locator("#link")).hasText("stale");
        } finally {
            fleet.proxy().goOn();
        }

        assertThat(page.locator("#stale"))
                .isHidden(new LocatorAssertions.IsHiddenOptions().setTimeout(PATIENCE_MILLIS));
        assertThat(page.locator("#link")).hasText("live");
    }

    @Test
    @Order(5)
    void aProxyThatIsGoneMakesThePageSaySo() {
        fleet.proxy().kill();

        assertThat(page.locator("#stale")).containsText("Connection lost, trying again", SOON);
    }

    private static Locator row(String name) {
        return page.locator("#groups tr").filter(new Locator.FilterOptions().setHasText(name + "127"));
    }

    private static Locator cell(String name, String column) {
        return row(name).locator("td[data-label='" + column + "']");
    }

    private static Locator figure(String name) {
        return page.locator("#figures div")
                .filter(new Locator.FilterOptions().setHasText(name))
                .locator("dd");
    }
}
