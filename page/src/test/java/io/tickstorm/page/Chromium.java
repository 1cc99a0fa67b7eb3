package io.tickstorm.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The browser of this machine; nothing is downloaded. For one thread. */
final class Chromium implements AutoCloseable {
    /** As people have it; a phone is {@link #PHONE_WIDTH} wide. */
    static final int WIDTH = 1320;

    static final int HEIGHT = 900;
    static final int PHONE_WIDTH = 390;
    static final int PHONE_HEIGHT = 844;

    private final Playwright playwright;
    private final Browser browser;

    private Chromium(Playwright playwright, Browser browser) {
        this.playwright = playwright;
        this.browser = browser;
    }

    /** Starts it. Without one, the tests of the caller are skipped, unless {@code browser.required} is true. */
    static Chromium start() {
        var chromium = Path.of(System.getProperty("chromium", "/usr/bin/chromium"));
        var node = Path.of(System.getProperty("playwright.nodejs.path", ""));
        var there = Files.isExecutable(chromium) && Files.isExecutable(node);
        var missing = chromium + " or " + node + " is missing: apt-get install chromium nodejs";
        if (Boolean.getBoolean("browser.required")) {
            assertThat(there).as(missing).isTrue();
        }
        assumeTrue(there, missing);
        var playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        var options = new BrowserType.LaunchOptions()
                .setExecutablePath(chromium)
                // Containers have neither the right to nest sandboxes nor, often, much of /dev/shm.
                .setArgs(List.of("--no-sandbox", "--disable-dev-shm-usage"));
        return new Chromium(playwright, playwright.chromium().launch(options));
    }

    /** Opens the live page of an admin port. */
    Page open(int adminPort) {
        return open(adminPort, ColorScheme.LIGHT, WIDTH, HEIGHT);
    }

    Page open(int adminPort, ColorScheme scheme, int width, int height) {
        var page = browser.newContext(new Browser.NewContextOptions()
                        .setColorScheme(scheme)
                        .setReducedMotion(ReducedMotion.REDUCE)
                        .setViewportSize(width, height))
                .newPage();
        page.navigate("http://127.0.0.1:" + adminPort + "/");
        return page;
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
