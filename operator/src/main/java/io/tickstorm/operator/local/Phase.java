package io.tickstorm.operator.local;

/** Where a replica is in its life; the package draws the picture. */
public enum Phase {
    STARTING,
    READY,
    UNREADY,
    RESTARTING,
    LEAVING,
    ENDING;

    /** Whether it was told to go. */
    public boolean leaving() {
        return this == LEAVING || this == ENDING;
    }
}
