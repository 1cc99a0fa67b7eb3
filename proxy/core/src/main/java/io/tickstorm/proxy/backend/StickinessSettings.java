package io.tickstorm.proxy.backend;

import io.tickstorm.proxy.settings.Durations;
import io.tickstorm.proxy.settings.Section;
import io.tickstorm.proxy.settings.Syntax;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** How a client comes back to the upstream it was at before, whatever the policy. */
public sealed interface StickinessSettings {
    /** The keys and values of a configuration that {@link #read} takes. */
    Map<String, Object> toMap();

    /** What tells one client from another. */
    enum Type {
        COOKIE("Cookie"),
        SOURCE_IP("SourceIp");

        private final String text;

        Type(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** The attribute of RFC 6265bis section 5.6.7. */
    enum SameSite {
        STRICT("Strict"),
        LAX("Lax"),
        NONE("None");

        private final String text;

        SameSite(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /**
     * By a cookie that names the upstream. For HTTP; over TCP it has no effect.
     *
     * @param name of the cookie
     * @param secretFile what cookies are signed with, one secret a line, see {@link StickyCookie}
     * @param maxAge how long a client keeps it; zero = until the browser is closed
     * @param secure whether clients send it over TLS only
     */
    record Cookie(String name, String secretFile, Duration maxAge, boolean secure, SameSite sameSite)
            implements StickinessSettings {
        static final String DEFAULT_NAME = "tickstorm";

        Cookie in(Path folder) {
            return new Cookie(name, folder.resolve(secretFile).toString(), maxAge, secure, sameSite);
        }

        @Override
        public Map<String, Object> toMap() {
            var map = new LinkedHashMap<String, Object>();
            map.put("type", Type.COOKIE.toString());
            map.put("name", name);
            map.put("secretFile", secretFile);
            map.put("maxAge", Durations.format(maxAge));
            map.put("secure", secure);
            map.put("sameSite", sameSite.toString());
            return map;
        }
    }

    /**
     * By the client's address, remembered in this proxy alone.
     *
     * @param timeout how long an address is remembered that nothing came from
     * @param size addresses that are remembered; the longest silent ones are forgotten first
     */
    record SourceIp(Duration timeout, int size) implements StickinessSettings {
        static final SourceIp DEFAULT = new SourceIp(Duration.ofMinutes(30), 65_536);

        @Override
        public Map<String, Object> toMap() {
            var map = new LinkedHashMap<String, Object>();
            map.put("type", Type.SOURCE_IP.toString());
            map.put("timeout", Durations.format(timeout));
            map.put("size", size);
            return map;
        }
    }

    static StickinessSettings read(Section section) {
        var type = section.enumeration("type", Type.class);
        var cookie = Keys.cookie(section);
        var sourceIp = Keys.sourceIp(section);
        return switch (type) {
            case COOKIE -> {
                Keys.refuse(section, Type.SOURCE_IP, "timeout", "size");
                if (!section.has("secretFile")) {
                    section.problem("secretFile", "missing (expected: the path of a file)");
                }
                if (cookie.sameSite() == SameSite.NONE && !cookie.secure()) {
                    section.problem("sameSite", "None (expected: Strict or Lax, or secure: true)");
                }
                yield cookie;
            }
            case SOURCE_IP -> {
                Keys.refuse(section, Type.COOKIE, "name", "secretFile", "maxAge", "secure", "sameSite");
                yield sourceIp;
            }
        };
    }

    /** The keys of both types. */
    final class Keys {
        // RFC 9110 section 5.6.2: a cookie's name is a token.
        private static final Syntax<String> TOKEN = Syntax.matching(
                "[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}", "a cookie name: at most 64 letters, digits and !#$%&'*+-.^_`|~");
        // Browsers cut what is longer (RFC 6265bis section 5.5).
        private static final Duration LONGEST_AGE = Duration.ofDays(400);

        private Keys() {}

        private static Cookie cookie(Section section) {
            return new Cookie(
                    section.text("name", TOKEN, Cookie.DEFAULT_NAME),
                    section.text("secretFile", Syntax.anything(), ""),
                    section.duration("maxAge", Duration.ZERO, LONGEST_AGE, Duration.ZERO),
                    section.bool("secure", true),
                    section.enumeration("sameSite", SameSite.LAX));
        }

        private static SourceIp sourceIp(Section section) {
            return new SourceIp(
                    section.duration("timeout", Duration.ofSeconds(1), Duration.ofDays(1), SourceIp.DEFAULT.timeout()),
                    section.integer("size", 16, 1 << 24, SourceIp.DEFAULT.size()));
        }

        private static void refuse(Section section, Type type, String... keys) {
            for (var key : keys) {
                section.refuse(key, "has no meaning here (expected: nothing, or type: " + type + ")");
            }
        }
    }
}
