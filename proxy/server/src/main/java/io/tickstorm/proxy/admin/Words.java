package io.tickstorm.proxy.admin;

import io.tickstorm.proxy.backend.Affinity;
import io.tickstorm.proxy.backend.Mode;
import io.tickstorm.proxy.discovery.DiscoveryStatus;
import io.tickstorm.proxy.endpoint.Hold;
import io.tickstorm.proxy.settings.Durations;
import java.time.Duration;
import java.util.Locale;

/** Numbers and constants as a person says them. */
final class Words {
    private static final double NANOS_PER_MILLI = 1e6;
    private static final int SHOWN_AS_IS = 10;

    private Words() {}

    static String of(Mode mode) {
        return switch (mode) {
            case NORMAL -> "normal: work goes to those that nothing holds back";
            case DRAINING -> "draining: only terminating endpoints are left, they still serve";
            case PANIC -> "panic: too few are well, so all get work that can be reached";
            case EMPTY -> "empty: there is no endpoint";
        };
    }

    /** By what clients are kept to upstreams; nothing for {@link Affinity.None}. */
    static String of(Affinity affinity) {
        return switch (affinity) {
            case Affinity.None none -> "";
            case Affinity.ClientIp address -> "their address";
            case Affinity.Header(var name) -> "the field " + name;
            case Affinity.Cookie(var name) -> "the cookie " + name;
        };
    }

    /** Who names the endpoints, and how far that can be believed. */
    static String of(DiscoveryStatus discovery) {
        return discovery.source()
                + (discovery.lastContactAge().isZero()
                        ? ", which cannot change"
                        : ", known to be true " + age(discovery.lastContactAge().toNanos()) + " ago")
                + (discovery.trouble() == null ? "" : "; it cannot be asked now, so they stay: " + discovery.trouble());
    }

    /** {@code FAILED_CHECK for 12s: 2 checks in a row failed: status 503}. */
    static String of(Hold hold, long now) {
        return hold.reason() + " for " + age(now - hold.sinceNanos()) + ": " + hold.detail();
    }

    /** Whole seconds, or milliseconds below one. */
    static String age(long nanos) {
        var age = Duration.ofNanos(Math.max(0, nanos));
        var shown = age.toSeconds() >= 1 ? Duration.ofSeconds(age.toSeconds()) : Duration.ofMillis(age.toMillis());
        return Durations.format(shown);
    }

    /** {@code 2.4 ms}, {@code 350 ms}, {@code 2.5 s}. */
    static String time(double nanos) {
        double millis = nanos / NANOS_PER_MILLI;
        if (millis >= 1000) {
            return number(millis / 1000) + " s";
        }
        return number(millis) + " ms";
    }

    /** At most two decimals for small numbers, one for larger, without zeros that say nothing. */
    static String number(double value) {
        var text = String.format(Locale.ROOT, value < SHOWN_AS_IS ? "%.2f" : "%.1f", value);
        return text.replaceFirst("\\.?0+$", "");
    }

    /** {@code 1 upstream}, {@code 3 upstreams}. */
    static String count(long number, String one) {
        return number + " " + one + (number == 1 ? "" : "s");
    }
}
