package io.tickstorm.cli;

import io.tickstorm.operator.desired.Component;
import io.tickstorm.operator.local.LocalStatus;
import java.util.List;

/** Where a person looks at proxies that run on this machine. */
final class LivePages {
    private LivePages() {}

    /** One line for each proxy. */
    static List<String> of(LocalStatus status) {
        return status.of(Component.PROXY).stream()
                .filter(proxy -> proxy.ports().containsKey("admin"))
                .map(proxy ->
                        "  http://127.0.0.1:" + proxy.ports().get("admin") + "/      the live page of " + proxy.name())
                .toList();
    }
}
