package io.tickstorm.doctest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What a page points to is there. */
class LinksTest {
    private final Map<Path, Page> pages;

    LinksTest() throws IOException {
        pages = Page.all().stream().collect(Collectors.toMap(Page::file, Function.identity()));
    }

    @Test
    void everyRelativeLinkLeadsToAFileAndToAnAnchorInIt() {
        var wrong = new ArrayList<String>();

        pages.values()
                .forEach(page ->
                        page.links.stream().filter(link -> !external(link)).forEach(link -> look(page, link, wrong)));

        assertThat(pages).hasSizeGreaterThan(40);
        assertThat(wrong).isEmpty();
    }

    /** Whether they answer is not asked: tests need no network. */
    @Test
    void linksToElsewhereAreWellFormedAndEncrypted() {
        assertThat(pages.values().stream()
                        .flatMap(page -> page.links.stream()
                                .filter(link -> external(link) && !wellFormed(link))
                                .map(link -> page.name + ": " + link)))
                .isEmpty();
    }

    /** Files of the proxy name pages in log lines, descriptions and comments. */
    @Test
    void everyPageThatCodeNamesIsThere() throws IOException {
        var missing = new ArrayList<String>();
        try (var files = Files.find(Page.ROOT, 16, (file, attributes) -> attributes.isRegularFile() && code(file))) {
            for (var file : files.toList()) {
                var names = Pattern.compile("\\bdocs/[a-z0-9/-]+\\.(?:md|json|yaml)")
                        .matcher(Files.readString(file));
                while (names.find()) {
                    if (!Files.exists(Page.ROOT.resolve(names.group()))) {
                        missing.add(Page.ROOT.relativize(file) + ": " + names.group());
                    }
                }
            }
        }

        assertThat(missing).isEmpty();
    }

    private void look(Page from, String link, List<String> wrong) {
        var parts = link.split("#", 2);
        var target = parts[0].isEmpty()
                ? from.file()
                : from.file().resolveSibling(parts[0]).normalize();
        if (!target.startsWith(Page.ROOT) || !Files.exists(target)) {
            wrong.add(from.name + ": " + link + " leads nowhere");
        } else if (parts.length == 2) {
            var page = pages.get(target);
            if (page == null ? !hasLine(target, parts[1]) : !page.anchors.contains(parts[1])) {
                wrong.add(from.name + ": " + link + " names no anchor of " + Page.ROOT.relativize(target));
            }
        }
    }

    /** {@code L12} of a file that is no page is its line 12. */
    private static boolean hasLine(Path file, String anchor) {
        try (var lines = Files.lines(file)) {
            return anchor.matches("L[1-9][0-9]{0,5}") && lines.count() >= Integer.parseInt(anchor.substring(1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean external(String link) {
        return link.matches("[a-zA-Z][a-zA-Z0-9+.-]*:.*");
    }

    private static boolean wellFormed(String link) {
        var uri = URI.create(link);
        return "mailto".equals(uri.getScheme())
                || "https".equals(uri.getScheme())
                        && uri.getHost() != null
                        && uri.getHost().contains(".");
    }

    private static boolean code(Path file) {
        var path = Page.ROOT.relativize(file).toString();
        return !path.contains("target/")
                && !path.startsWith(".git/")
                && path.matches(".*\\.(java|yaml|yml|xml|json|tpl|toml|txt)|.*/?Makefile|.*\\.sh")
                && !path.startsWith("docs/");
    }
}
