package io.tickstorm.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Takes the pictures of the docs: {@code make screenshots}. Five backends under traffic; after a while one is killed, one drained by
 * hand, and a configuration refused.
 */
class Screenshots {
    private static final Path FOLDER = Path.of(System.getProperty("screenshots.folder", "docs/images"));
    private static final Duration BEFORE = Duration.ofSeconds(Integer.getInteger("screenshots.seconds", 240));
    private static final Duration AFTER = Duration.ofSeconds(8);
    private static final LocatorAssertions.ContainsTextOptions SOON =
            new LocatorAssertions.ContainsTextOptions().setTimeout(30_000);

    private static final String SESSIONS = """
            listeners:
              - {name: http, port: 0, address: 127.0.0.1, backend: web}
              - {name: ticks, protocol: TCP, port: 0, address: 127.0.0.1, backend: ticks}
            """;

    @TempDir
    private Path folder;

    @Test
    void ofAProxyThatLostABackend() throws Exception {
        try (var chromium = Chromium.start();
                var fleet = Fleet.start(5, folder, SESSIONS, "  - {name: ticks, discovery: {static: [{tcp}]}}\n")) {
            fleet.ask(3, "/slow?ms=4");
            fleet.ask(6, "/slow?ms=25");
            fleet.ask(1, "/slow?ms=180");
            fleet.stay(14);
            LockSupport.parkNanos(BEFORE.toNanos());
            fleet.backend(3).kill();
            var light = open(chromium, fleet, ColorScheme.LIGHT, Chromium.WIDTH);
            light.locator("[aria-label='Drain web-1']").first().click();
            light.locator("#drain-go").click();
            fleet.configure(text -> text.replaceFirst("port: 0", "port: 70000"));
            assertThat(light.locator("#problems")).containsText("A newer configuration is refused", SOON);
            assertThat(light.locator("#timeline")).containsText("check failed", SOON);
            LockSupport.parkNanos(AFTER.toNanos());
            save(light, "page-light.png");
            save(open(chromium, fleet, ColorScheme.DARK, Chromium.WIDTH), "page-dark.png");
            save(open(chromium, fleet, ColorScheme.LIGHT, Chromium.PHONE_WIDTH), "page-phone.png");
        }
    }

    private static Page open(Chromium chromium, Fleet fleet, ColorScheme scheme, int width) {
        var page = chromium.open(fleet.adminPort(), scheme, width, Chromium.HEIGHT);
        assertThat(page.locator("#verdict")).containsText("get work", SOON);
        assertThat(page.locator("#timeline li").first()).isVisible();
        return page;
    }

    /** The whole page, with a palette: text on flat grounds needs no more colours, and a third of the bytes. */
    private static void save(Page page, String name) throws IOException {
        var picture =
                ImageIO.read(new ByteArrayInputStream(page.screenshot(new Page.ScreenshotOptions().setFullPage(true))));
        var indexed = new BufferedImage(
                picture.getWidth(), picture.getHeight(), BufferedImage.TYPE_BYTE_INDEXED, Palette.of(picture));
        for (int y = 0; y < picture.getHeight(); y++) {
            for (int x = 0; x < picture.getWidth(); x++) {
                indexed.setRGB(x, y, picture.getRGB(x, y));
            }
        }
        Files.createDirectories(FOLDER);
        ImageIO.write(indexed, "png", FOLDER.resolve(name).toFile());
    }
}
