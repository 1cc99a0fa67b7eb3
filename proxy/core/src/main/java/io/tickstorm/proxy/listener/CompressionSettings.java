package io.tickstorm.proxy.listener;

import io.tickstorm.proxy.settings.Section;
import io.tickstorm.proxy.settings.Sizes;
import io.tickstorm.proxy.settings.Syntax;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Which answers are sent in gzip to clients that ask for it.
 *
 * @param types media types in lower case, without parameters; {@code text/*} = all of that kind
 * @param minSize bytes of a body, where its server tells; a shorter one gains nothing
 * @param level 1 = fastest .. 9 = smallest
 */
public record CompressionSettings(List<String> types, int minSize, int level) {
    /** What shrinks well. No event streams: their events are short, and each would be a block of its own. */
    public static final List<String> TYPES = List.of(
            "text/html",
            "text/css",
            "text/plain",
            "text/xml",
            "text/javascript",
            "application/javascript",
            "application/json",
            "application/xml",
            "image/svg+xml");

    private static final Syntax<String> TYPE = Syntax.matching(
            "[A-Za-z0-9!#$&^_.+-]{1,63}/([A-Za-z0-9!#$&^_.+-]{1,63}|\\*)", "a media type, such as text/html or text/*");
    private static final int MIN_SIZE = 1024;
    private static final int LARGEST_MIN_SIZE = 64 * 1024 * 1024;
    private static final int FASTEST = 1;
    private static final int SMALLEST = 9;

    public CompressionSettings {
        types = types.stream().map(type -> type.toLowerCase(Locale.ROOT)).toList();
    }

    public static CompressionSettings read(Section section) {
        var settings = new CompressionSettings(
                section.list("types", TYPE, TYPES),
                (int) section.size("minSize", 0, LARGEST_MIN_SIZE, MIN_SIZE),
                section.integer("level", FASTEST, SMALLEST, FASTEST));
        if (settings.types().isEmpty()) {
            section.problem("types", "none (expected: at least one media type, or no compression)");
        }
        return settings;
    }

    public Map<String, Object> toMap() {
        var map = new LinkedHashMap<String, Object>();
        map.put("types", types);
        map.put("minSize", Sizes.format(minSize));
        map.put("level", level);
        return map;
    }
}
