package io.tickstorm.proxy.route;

import io.tickstorm.proxy.settings.Section;
import io.tickstorm.proxy.settings.Syntax;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * That a request has a header, or has it with one value.
 *
 * @param name letters are compared without case
 * @param value compared as it is written; null = any value will do
 */
public record HeaderCondition(String name, @Nullable String value) {
    // RFC 9110 section 5.6.2, token; and of the values of section 5.5 those that look the same to everybody.
    private static final Syntax<String> NAME =
            Syntax.matching("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,255}", "the name of a header");
    private static final Syntax<String> VALUE = Syntax.matching(
                    "[!-~]([ -~]{0,1022}[!-~])?", "a value of at most 1024 characters of ASCII, no blank at its ends")
            .orNumber();

    static HeaderCondition read(Section section) {
        var name = section.text("name", NAME);
        var value = section.optionalText("value", VALUE);
        boolean present = section.bool("present", false);
        if (present == (value != null)) {
            section.problem((present ? "both" : "neither") + " value and present: true (expected: one of the two)");
        }
        return new HeaderCondition(name, value);
    }

    Map<String, Object> toMap() {
        var map = new LinkedHashMap<String, Object>();
        map.put("name", name);
        if (value == null) {
            map.put("present", true);
        } else {
            map.put("value", value);
        }
        return map;
    }

    @Override
    public String toString() {
        return value == null ? "with " + name : name + ": " + value;
    }
}
