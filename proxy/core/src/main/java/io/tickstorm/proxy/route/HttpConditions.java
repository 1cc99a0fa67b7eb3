package io.tickstorm.proxy.route;

import io.tickstorm.proxy.settings.Section;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Conditions on an HTTP request.
 *
 * @param hosts one of which it must ask for; empty = any
 * @param pathPrefix with which its path must begin
 * @param headers all of which it must have
 */
public record HttpConditions(List<HostPattern> hosts, PathPrefix pathPrefix, List<HeaderCondition> headers)
        implements Conditions {
    private static final int MOST_HOSTS = 1_024;
    /** As in Gateway API. */
    private static final int MOST_HEADERS = 16;

    public HttpConditions {
        hosts = List.copyOf(hosts);
        headers = List.copyOf(headers);
    }

    /** Reads {@code hosts}, {@code pathPrefix} and {@code headers} of a route. */
    public static HttpConditions read(Section section) {
        var hosts = section.list("hosts", HostPattern.SYNTAX);
        if (hosts.size() > MOST_HOSTS) {
            section.problem("hosts", hosts.size() + " (expected: at most " + MOST_HOSTS + ")");
        }
        var distinct = new HashSet<HostPattern>();
        for (var host : hosts) {
            if (!distinct.add(host)) {
                section.problem("hosts", '"' + host.toString() + "\" twice (expected: each host once)");
            }
        }
        var headers = section.list("headers", HeaderCondition::read);
        if (headers.size() > MOST_HEADERS) {
            section.problem("headers", headers.size() + " (expected: at most " + MOST_HEADERS + ")");
        }
        return new HttpConditions(hosts, section.text("pathPrefix", PathPrefix.SYNTAX, PathPrefix.ANY), headers);
    }

    @Override
    public Map<String, Object> toMap() {
        var map = new LinkedHashMap<String, Object>();
        if (!hosts.isEmpty()) {
            map.put("hosts", hosts.stream().map(HostPattern::toString).toList());
        }
        map.put("pathPrefix", pathPrefix.toString());
        if (!headers.isEmpty()) {
            map.put("headers", headers.stream().map(HeaderCondition::toMap).toList());
        }
        return map;
    }

    /** For people: {@code *.example.org/api with x-user}. */
    @Override
    public String toString() {
        var text = new StringBuilder(hosts.isEmpty() ? "any host" : "");
        for (int i = 0; i < hosts.size(); i++) {
            text.append(i == 0 ? "" : " or ").append(hosts.get(i));
        }
        text.append(", path ").append(pathPrefix);
        for (var header : headers) {
            text.append(", ").append(header);
        }
        return text.toString();
    }
}
