package io.tickstorm.operator.crd;

import io.tickstorm.proxy.config.Settings.Setting;
import io.tickstorm.proxy.settings.Key.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The description of one of the proxy's words as {@code kubectl explain} shows it: plain sentences of what it does, its range and what holds if it is left out. */
final class Sentences {
    private static final Set<Shape> WITH_RANGE =
            Set.of(Shape.INTEGER, Shape.DURATION, Shape.SIZE, Shape.TEXT, Shape.LIST);
    private static final Pattern LINK = Pattern.compile("(?<see>[Ss]ee )?\\[(?<text>[^]]*)]\\((?<page>[^)]*)\\)");

    private Sentences() {}

    static String of(Setting setting) {
        var sentences = new ArrayList<String>();
        sentences.add(plain(setting.meaning()));
        if (WITH_RANGE.contains(setting.key().shape())) {
            sentences.add(range(setting));
        }
        setting.conditions()
                .forEach((choice, words) -> sentences.add("With " + choice.substring(choice.lastIndexOf('.') + 1) + ": "
                        + String.join(" or ", words) + " only"));
        sentences.add(preset(setting));
        return sentences.stream()
                .filter(sentence -> !sentence.isBlank())
                .map(Sentences::sentence)
                .collect(Collectors.joining(" "));
    }

    private static String range(Setting setting) {
        var said = setting.key().range();
        var range = !setting.range().isEmpty()
                ? plain(setting.range())
                : switch (setting.key().shape()) {
                    case INTEGER, DURATION, SIZE -> said.replace("..", " to ");
                    case LIST -> said.isEmpty() ? "" : "a list, each " + said;
                    case TEXT -> said.equals("a text") ? "" : said;
                    case WORD, BOOLEAN, SECTION, OPTIONAL_SECTION -> "";
                };
        return range.isEmpty() ? "" : "Expected: " + range;
    }

    private static String preset(Setting setting) {
        var preset = plain(setting.preset());
        if (preset.startsWith("required")) {
            return preset;
        }
        if (!preset.isEmpty()) {
            return "Left out: " + preset;
        }
        var key = setting.key();
        if (key.required() || key.shape() == Shape.SECTION) {
            return "";
        }
        if (key.shape() == Shape.OPTIONAL_SECTION || (key.shape() == Shape.LIST && key.fallback() == null)) {
            return "Left out: none";
        }
        var fallbacks = setting.fallbacks().entrySet().stream()
                .filter(by -> !List.of("null", "").contains(by.getValue()))
                .map(by -> plain(by.getValue()) + (by.getKey().isEmpty() ? "" : " with " + by.getKey()))
                .collect(Collectors.joining(", "));
        return fallbacks.isEmpty() ? "" : "Left out: " + fallbacks;
    }

    /** Without what only a page can show: marks of code, and links, which become names of pages. */
    private static String plain(String text) {
        var without = LINK.matcher(text).replaceAll(link -> {
            var page = link.group("page");
            var path = page.startsWith("../") ? "docs/" + page.substring(3) : "docs/reference/" + page;
            if (link.group("see") != null) {
                return link.group("see") + path;
            }
            return link.group("text").equals("how") ? "see " + path : link.group("text") + " (" + path + ")";
        });
        return without.replace("`", "").replaceAll("\\s+", " ").strip();
    }

    private static String sentence(String text) {
        var first = text.substring(0, 1).toUpperCase(Locale.ROOT);
        return first + text.substring(1) + (text.endsWith(".") ? "" : ".");
    }
}
