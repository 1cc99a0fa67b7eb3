package io.tickstorm.operator.crd;

/** What is spoken on a listener's port. */
public enum Protocol {
    HTTP,
    TCP
}
