package io.tickstorm.labs.stage;

/** Something that serves HTTP on loopback. */
public interface Listening {
    /** Unique on its stage. */
    String name();

    /** Of HTTP. */
    int port();
}
