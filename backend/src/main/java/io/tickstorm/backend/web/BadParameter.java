package io.tickstorm.backend.web;

/** A query parameter or header that the client got wrong; answered with 400. Carries no stack trace. */
final class BadParameter extends RuntimeException {
    private static final long serialVersionUID = 1;

    BadParameter(String name, String value, String expected) {
        super(name + ": " + value + " (expected: " + expected + ")", null, false, false);
    }
}
