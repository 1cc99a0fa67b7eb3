package io.tickstorm.proxy.balance;

import io.tickstorm.proxy.settings.Section;
import io.tickstorm.proxy.settings.Syntax;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a hash policy chooses by.
 *
 * @param on where the key comes from
 * @param name of the header or the cookie; empty with {@link On#CLIENT_IP}
 * @param balanceFactor the most that one upstream may have in flight, in percent of its fair share, 100..1000
 */
public record HashSettings(On on, String name, int balanceFactor) {
    // The nearer to the mean the bound of 1+e times it is, the more keys are away from home, and move when others do:
    // of the
    // order of 1/e^2 for each change (Mirrokni, Thorup, Zadimoghaddam, "Consistent Hashing with Bounded Loads", 2018).
    // That
    // is 4 at 150 and 16 at 125; and one and a half times the mean is what a server should be able to bear for a while.
    public static final HashSettings DEFAULT = new HashSettings(On.CLIENT_IP, "", 150);

    // RFC 9110 section 5.6.2, token: what names of fields are made of, and those of cookies (RFC 6265 section 4.1.1).
    private static final Syntax<String> TOKEN =
            Syntax.matching("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,255}", "the name of a header or cookie");

    /** Where the key comes from. A connection or request that has none goes to the least loaded upstream. */
    public enum On {
        CLIENT_IP("ClientIp"),
        HEADER("Header"),
        COOKIE("Cookie");

        private final String text;

        On(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    static HashSettings read(Section section, BalancingSettings.Kind policy) {
        var on = section.enumeration("on", DEFAULT.on());
        if (on != On.CLIENT_IP && policy == BalancingSettings.Kind.SOURCE_IP_HASH) {
            section.problem("on", on + " (expected: ClientIp with the policy SourceIpHash)");
        }
        if (on == On.CLIENT_IP) {
            section.refuse("name", "(expected: only with on: Header and on: Cookie)");
        }
        return new HashSettings(
                on,
                on == On.CLIENT_IP ? "" : section.text("name", TOKEN),
                section.integer("balanceFactor", 100, 1_000, DEFAULT.balanceFactor()));
    }

    Map<String, Object> toMap() {
        var map = new LinkedHashMap<String, Object>();
        map.put("on", on.toString());
        if (on != On.CLIENT_IP) {
            map.put("name", name);
        }
        map.put("balanceFactor", balanceFactor);
        return map;
    }
}
