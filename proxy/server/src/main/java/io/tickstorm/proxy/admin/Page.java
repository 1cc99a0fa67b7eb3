package io.tickstorm.proxy.admin;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** The files of the live page, as they are in the jar. They are read when they are asked for, and not kept. */
final class Page {
    /** Nothing but our own files, no inline code or style, no frame around it, and no text that becomes code. */
    static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
                    + "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    private static final Pattern FILE = Pattern.compile("[a-z]+\\.(?:html|css|js|svg)");

    /** As Maven and WebJars lay out the jar of the library that draws the charts. */
    private static final String CHART = "chart.js";

    private static final String CHART_VERSION = "/META-INF/maven/org.webjars.npm/chart.js/pom.properties";
    private static final String CHART_FILE = "/META-INF/resources/webjars/chart.js/%s/dist/chart.umd.min.js";

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml");

    private Page() {}

    /** Whether this is a browser that shows a page, not a program that reads text. */
    static boolean wanted(RoutingContext context) {
        var accept = context.request().getHeader(HttpHeaders.ACCEPT);
        return accept != null && accept.contains("text/html");
    }

    /** @throws Refusal if there is no such file */
    static Consumer<RoutingContext> file(String name) {
        if (!FILE.matcher(name).matches()) {
            throw none(name);
        }
        try (var file = Page.class.getResourceAsStream(name.equals(CHART) ? chart() : "page/" + name)) {
            if (file == null) {
                throw none(name);
            }
            var bytes = Buffer.buffer(file.readAllBytes());
            var type = String.valueOf(TYPES.get(name.substring(name.lastIndexOf('.') + 1)));
            return context -> send(context, type, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String chart() throws IOException {
        var jar = new Properties();
        try (var properties = Page.class.getResourceAsStream(CHART_VERSION)) {
            if (properties == null) {
                throw none(CHART);
            }
            jar.load(properties);
        }
        return CHART_FILE.formatted(jar.getProperty("version"));
    }

    private static Refusal none(String name) {
        return new Refusal(Refusal.NOT_FOUND, "/page/" + name + " (expected: a file of the page)");
    }

    private static void send(RoutingContext context, String type, Buffer bytes) {
        var response = context.response();
        if (response.ended() || response.closed()) {
            return;
        }
        response.putHeader(HttpHeaders.CONTENT_TYPE, type)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .putHeader(HttpHeaders.VARY, "Accept")
                .putHeader("Content-Security-Policy", POLICY)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("Cross-Origin-Opener-Policy", "same-origin")
                .putHeader("Cross-Origin-Resource-Policy", "same-origin")
                .end(bytes);
    }
}
