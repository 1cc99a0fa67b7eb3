package io.tickstorm.proxy.route;

/**
 * What routes look at of a request: its host and path as ranges of one array of bytes, and its headers.
 */
public interface Asking {
    byte[] bytes();

    /** Of the host that is asked for, without its port; where it asks for none, the range is empty. */
    int hostStart();

    int hostEnd();

    /** Of the path as it was sent, without the query; empty, or it begins with a slash. */
    int pathStart();

    int pathEnd();

    /** Whether it has the header, letters compared without case. */
    boolean hasHeader(String name);

    /** Whether it has the header exactly once, with this value as it is written. */
    boolean hasHeader(String name, String value);
}
