package io.tickstorm.proxy.discovery;

import io.tickstorm.proxy.endpoint.Condition;
import io.tickstorm.proxy.endpoint.Endpoint;
import io.tickstorm.proxy.endpoint.EndpointId;
import io.tickstorm.proxy.endpoint.EndpointSet;
import io.tickstorm.proxy.settings.Section;
import io.tickstorm.proxy.settings.Syntax;
import io.tickstorm.proxy.settings.Yaml;
import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The text of an endpoints file:
 *
 * <pre>{@code
 * endpoints:
 *   - {uid: "a-1", name: backend-0, address: 127.0.0.1, ports: {http: 41001, tcp: 41002}, condition: ACTIVE}
 * }</pre>
 */
final class EndpointsFile {
    /** An address only: a name would have to be resolved again and again, which is the business of a static list. */
    static final Syntax<String> ADDRESS = new Syntax<>("an IP address", text -> isAddress(text) ? text : null);

    private static final int MAX_PORT = 65_535;

    private EndpointsFile() {}

    /** What a text says: a set, or all that is wrong with it. */
    sealed interface Read {
        record Good(EndpointSet endpoints) implements Read {}

        /** @param problems one line each, with file, line and path; never empty */
        record Bad(List<String> problems) implements Read {}
    }

    /**
     * @param port the name of the port that the backend uses; an endpoint without it is left out, as in an EndpointSlice;
     *     null if each endpoint has just one
     * @param source the file's name, for problems
     */
    static Read read(String text, @Nullable String port, String source) {
        var root = Yaml.read(text, source);
        var endpoints = root.list("endpoints", section -> endpoint(section, port)).stream()
                .filter(entry -> entry.port() != 0)
                .map(Entry::endpoint)
                .toList();
        root.end();
        return root.problems().isEmpty()
                ? new Read.Good(new EndpointSet(endpoints))
                : new Read.Bad(root.problems().messages());
    }

    private static Entry endpoint(Section section, @Nullable String port) {
        var address = section.text("address", ADDRESS);
        int number = section.section("ports", ports -> port(ports, port));
        return new Entry(
                section.optionalText("uid", Syntax.anything()),
                section.optionalText("name", Syntax.anything()),
                address,
                number,
                section.optionalText("zone", Syntax.anything()),
                section.integer("weight", Endpoint.MIN_WEIGHT, Endpoint.MAX_WEIGHT, 1),
                section.enumeration("condition", Condition.ACTIVE));
    }

    /** 0 if the port is not there. */
    private static int port(Section ports, @Nullable String wanted) {
        if (wanted == null && ports.keys().size() != 1) {
            ports.problem(ports.keys().size() + " ports (expected: one, or a backend that names the port it uses)");
        }
        int found = 0;
        for (var name : ports.keys()) {
            int number = ports.integer(name, 1, MAX_PORT);
            if (wanted == null || wanted.equals(name)) {
                found = number;
            }
        }
        return found;
    }

    static boolean isAddress(String text) {
        try {
            return !InetAddress.ofLiteral(text).getHostAddress().isEmpty();
        } catch (IllegalArgumentException notAnAddress) {
            return false;
        }
    }

    private record Entry(
            @Nullable String uid,
            @Nullable String name,
            String address,
            int port,
            @Nullable String zone,
            int weight,
            Condition condition) {
        Endpoint endpoint() {
            var id = new EndpointId(Objects.requireNonNullElse(uid, ""), address, port);
            return new Endpoint(id, Objects.requireNonNullElseGet(name, id::address), zone, weight, condition, null);
        }
    }
}
