package io.tickstorm.proxy.http2;

import java.util.Locale;

/** Uses of HTTP/2 that cost a server far more than the client; each ends the connection with ENHANCE_YOUR_CALM. */
public enum Abuse {
    /** Rapid reset, CVE-2023-44487: requests are opened and cancelled, so that none of them counts as open. */
    RESETS_BY_CLIENT("the client cancels streams faster than it uses them"),
    /** MadeYouReset, CVE-2025-8671: the same by errors that make the server cancel. */
    RESETS_PROVOKED("the client makes streams be refused or reset faster than it uses them"),
    /** PING, SETTINGS, PRIORITY, WINDOW_UPDATE, empty DATA and unknown frames: CVE-2019-9512, -9513, -9515, -9518. */
    IDLE_FRAMES("the client sends frames that carry nothing"),
    /** A head that grows when it is unpacked, or comes in ever more CONTINUATION frames: CVE-2016-6581, CVE-2024-27316. */
    HEAD("the client sends a head that is too large, or in too many pieces");

    private final String words;
    private final String label;

    Abuse(String words) {
        this.words = words;
        this.label = name().toLowerCase(Locale.ROOT);
    }

    /** For the log and for the client; ASCII. */
    public String words() {
        return words;
    }

    /** The name in metrics. */
    public String label() {
        return label;
    }
}
