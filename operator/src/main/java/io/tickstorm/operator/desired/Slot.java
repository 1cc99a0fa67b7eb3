package io.tickstorm.operator.desired;

/** One of the two places for a version of the backends: objects with names, labels and a backend of the proxies of their own. Which of them has the traffic is not fixed. */
public enum Slot {
    BLUE(Component.BACKEND, ""),
    GREEN(Component.BACKEND_GREEN, "-green");

    private final Component component;
    private final String suffix;

    Slot(Component component, String suffix) {
        this.component = component;
        this.suffix = suffix;
    }

    /** Its objects and pods. */
    public Component component() {
        return component;
    }

    /** The name of the proxies' backend for a port. */
    public String backend(String port) {
        return port + suffix;
    }

    public Slot other() {
        return this == BLUE ? GREEN : BLUE;
    }
}
