package io.tickstorm.cli.fleet;

import java.util.Locale;

/** What a pod is there for. */
public enum Role {
    PROXY,
    BACKEND;

    /** As people and files say it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
