package io.tickstorm.proxy.breaker;

/**
 * What a judge says to one attempt. Each probe has one of its own, by which its end is told from that of another: a probe
 * may still run when the upstream has been ejected again, or is another process, and a later probe is under way.
 */
public final class Admission {
    /** Go, as any other attempt. */
    public static final Admission FREE = new Admission("FREE");

    /** Not here. */
    public static final Admission REFUSED = new Admission("REFUSED");

    private final String name;

    private Admission(String name) {
        this.name = name;
    }

    static Admission ofProbe() {
        return new Admission("PROBE");
    }

    /** Whether the attempt may go as the one probe. */
    public boolean probes() {
        return this != FREE && this != REFUSED;
    }

    @Override
    public String toString() {
        return name;
    }
}
