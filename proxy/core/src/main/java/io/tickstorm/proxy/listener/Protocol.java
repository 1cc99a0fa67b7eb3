package io.tickstorm.proxy.listener;

/** What is spoken on a listener. */
public enum Protocol {
    HTTP,
    TCP
}
