package io.tickstorm.cli.fleet;

import java.util.Locale;

/** Ports of a proxy that tell about it, with their numbers in a cluster. */
public enum Port {
    ADMIN(8404),
    METRICS(9090);

    private final int number;

    Port(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /** Its name among the ports of a pod. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
