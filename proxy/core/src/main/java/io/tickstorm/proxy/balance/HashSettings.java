package io.tickstorm.proxy.balance;

import io.tickstorm.proxy.settings.Section;
import io.tickstorm.proxy.settings.Syntax;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a hash policy chooses by.
 *
 * @param by where the key comes from
 * @param name of the header or the cookie; empty with {@link By#CLIENT_IP}
 * @param balanceFactor the most that one upstream may have in flight, in percent of its fair share, 100..1000
 */
public record HashSettings(By by, String name, int balanceFactor) {
    // The nearer to the mean the bound of 1+e times it is, the more keys are away from home, and move when others do:
    // of the
    // order of 1/e^2 for each change (Mirrokni, Thorup, Zadimoghaddam, "Consistent Hashing with Bounded Loads", 2018).
    // That
    // is 4 at 150 and 16 at 125; and one and a half times the mean is what a server should be able to bear for a while.
    public static final HashSettings DEFAULT = new HashSettings(By.CLIENT_IP, "", 150);

    // RFC 9110 section 5.6.2, token: what names of fields are made of, and those of cookies (RFC 6265 section 4.1.1).
    private static final Syntax<String> TOKEN =
            Syntax.matching("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,255}", "the name of a header or cookie");

    /** Where the key comes from. A connection or request that has none goes to the least loaded upstream. */
    public enum By {
        CLIENT_IP("ClientIp"),
        HEADER("Header"),
        COOKIE("Cookie");

        private final String text;

        By(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    static HashSettings read(Section section, BalancingSettings.Kind policy) {
        var by = section.enumeration("by", DEFAULT.by());
        if (by != By.CLIENT_IP && policy == BalancingSettings.Kind.SOURCE_IP_HASH) {
            section.problem("by", by + " (expected: ClientIp with the policy SourceIpHash)");
        }
        if (by == By.CLIENT_IP) {
            section.refuse("name", "(expected: only with by: Header and by: Cookie)");
        }
        return new HashSettings(
                by,
                by == By.CLIENT_IP ? "" : section.text("name", TOKEN),
                section.integer("balanceFactor", 100, 1_000, DEFAULT.balanceFactor()));
    }

    Map<String, Object> toMap() {
        var map = new LinkedHashMap<String, Object>();
        map.put("by", by.toString());
        if (by != By.CLIENT_IP) {
            map.put("name", name);
        }
        map.put("balanceFactor", balanceFactor);
        return map;
    }
}
