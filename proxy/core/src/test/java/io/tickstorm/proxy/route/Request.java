package io.tickstorm.proxy.route;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * A request as a client may send it.
 *
 * @param headers names and values in their order
 */
record Request(String host, String path, List<Map.Entry<String, String>> headers) implements Asking {
    static Request of(String host, String path) {
        return new Request(host, path, List.of());
    }

    @Override
    public byte[] bytes() {
        return (">" + host + " " + path + "<").getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public int hostStart() {
        return 1;
    }

    @Override
    public int hostEnd() {
        return 1 + host.length();
    }

    @Override
    public int pathStart() {
        return hostEnd() + 1;
    }

    @Override
    public int pathEnd() {
        return pathStart() + path.length();
    }

    @Override
    public boolean hasHeader(String name) {
        return headers.stream().anyMatch(header -> header.getKey().equalsIgnoreCase(name));
    }

    @Override
    public boolean hasHeader(String name, String value) {
        var values = headers.stream()
                .filter(header -> header.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .toList();
        return values.equals(List.of(value));
    }
}
