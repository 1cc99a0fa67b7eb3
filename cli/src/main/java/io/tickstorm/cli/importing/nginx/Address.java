package io.tickstorm.cli.importing.nginx;

import java.util.Optional;

/** A host and a port, as {@code listen}, {@code server} and {@code proxy_pass} write them. */
record Address(String host, int port) {
    /** @param otherwise the port if none is said */
    static Optional<Address> of(String text, int otherwise) {
        if (text.isEmpty() || text.startsWith("unix:") || text.contains("$")) {
            return Optional.empty();
        }
        var portless = text.matches("\\[[^]]*]") || !text.contains(":");
        int colon = portless ? text.length() : text.lastIndexOf(':');
        var port = portless ? Optional.of(otherwise) : Values.number(text.substring(colon + 1));
        var host = text.substring(0, colon).replaceAll("[\\[\\]]", "");
        return host.isEmpty() ? Optional.empty() : port.map(number -> new Address(host, number));
    }
}
