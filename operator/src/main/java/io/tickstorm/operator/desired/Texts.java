package io.tickstorm.operator.desired;

import io.tickstorm.proxy.settings.AddressRange;
import io.tickstorm.proxy.settings.Section;
import io.tickstorm.proxy.settings.Syntax;
import java.util.regex.Pattern;

/** The forms of text that the API server asks for in labels, annotations, names and ranges. */
final class Texts {
    private static final String NAME = "([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)";
    private static final Pattern KEY =
            Pattern.compile("([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?" + NAME);

    /** A label's value. */
    static final Syntax<String> LABEL = new Syntax<>(
            "a label's value: at most 63 letters, digits, '-', '_' and '.', with a letter or digit at both ends",
            text -> text.isEmpty() || text.matches(NAME) ? text : null);

    /** Any text, the empty one as well. */
    static final Syntax<String> ANY = new Syntax<>("a text", text -> text);

    /** The name of an object. */
    static final Syntax<String> OBJECT_NAME = Syntax.matching(
            "(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*",
            "a name of at most 253 of a-z, 0-9, '-' and '.'");

    /** A range of addresses, with its length: a single address is one of {@code /32} or {@code /128}. */
    static final Syntax<String> RANGE = new Syntax<>(
            AddressRange.SYNTAX.expected(),
            text -> text.contains("/") && AddressRange.SYNTAX.parse().apply(text) != null ? text : null);

    private Texts() {}

    /** A mapping whose keys are those of labels and annotations. */
    static Section mapping(Section mapping, Syntax<String> values) {
        for (var key : mapping.keys()) {
            if (!KEY.matcher(key).matches()) {
                mapping.problem(key, "no such key is possible (expected: a name such as tier or example.com/tier)");
            }
            mapping.optionalText(key, values);
        }
        return mapping;
    }

    /** As {@link #mapping}, with none of the keys that are the operator's own. */
    static Section foreign(Section mapping, Syntax<String> values, String... ours) {
        for (var key : mapping.keys()) {
            for (var prefix : ours) {
                if (key.startsWith(prefix)) {
                    mapping.problem(
                            key, "what begins with " + prefix + " is the operator's own (expected: another name)");
                }
            }
        }
        return mapping(mapping, values);
    }
}
