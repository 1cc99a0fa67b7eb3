package io.tickstorm.proxy.tls;

/** What has read files that may change. */
public interface Rereading {
    /** Looks whether they have, and reads them again; what cannot be used changes nothing. Blocks. Any thread. */
    void reread();
}
