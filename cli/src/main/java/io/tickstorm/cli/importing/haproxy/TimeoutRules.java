package io.tickstorm.cli.importing.haproxy;

import static io.tickstorm.cli.importing.draft.Rule.carried;
import static io.tickstorm.cli.importing.draft.Rule.differs;
import static io.tickstorm.cli.importing.draft.Rule.lost;

import io.tickstorm.cli.importing.draft.Rule;
import io.tickstorm.cli.importing.draft.Settings;
import io.tickstorm.cli.importing.draft.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The directives {@code timeout}. Which setting each becomes is known once all of a section have been read. */
final class TimeoutRules {
    private static final Duration DAY = Duration.ofHours(24);
    private static final String FIN = "idleTimeout holds for connections that one side has ended, too";

    private TimeoutRules() {}

    static List<Rule<Proxied>> front() {
        return List.of(
                differs("timeout client", "listeners[].idleTimeout", keep("client")),
                carried("timeout http-request", "listeners[].headerTimeout", keep("http-request")),
                carried("timeout http-keep-alive", "listeners[].idleTimeout", keep("http-keep-alive")),
                differs("timeout client-fin", "listeners[].idleTimeout", (said, proxied) -> said.differs(FIN)));
    }

    static List<Rule<Proxied>> back() {
        return List.of(
                carried(
                        "timeout connect",
                        "listeners[].connectTimeout",
                        (said, proxied) -> Values.time(said, 2)
                                .ifPresent(time ->
                                        proxied.onPool(pool -> pool.onListeners("connectTimeout", time, said)))),
                differs(
                        "timeout server",
                        "HTTP: listeners[].responseTimeout; TCP: listeners[].idleTimeout",
                        keep("server")),
                differs(
                        "timeout tunnel",
                        "TCP: listeners[].idleTimeout; WebSockets have no idle timeout",
                        keep("tunnel")),
                carried(
                        "timeout queue",
                        "backends[].limits.queue.timeout",
                        (said, proxied) -> Values.time(said, 2)
                                .ifPresent(time -> proxied.onPool(
                                        pool -> pool.settings().put("limits.queue.timeout", time, said)))),
                carried("timeout check", "backends[].healthCheck.timeout", keep("check")),
                differs("timeout server-fin", "listeners[].idleTimeout", (said, proxied) -> said.differs(FIN)),
                lost("timeout tarpit", "nobody is kept waiting: what is too much is answered with 429 or closed"));
    }

    private static Rule.Translation<Proxied> keep(String name) {
        return (said, proxied) -> Values.time(said, 2).ifPresent(time -> proxied.timeout(name, said, time));
    }

    /** Sets what they come to together. */
    static void finish(Proxied proxied) {
        if (proxied.http()) {
            finishHttp(proxied);
        } else {
            finishTcp(proxied);
        }
    }

    private static void finishHttp(Proxied proxied) {
        proxied.onEntrances(entrance -> {
            var settings = entrance.settings();
            proxied.timeout("http-request").ifPresent(head -> put(settings, "headerTimeout", head, ""));
            var keepAlive = proxied.timeout("http-keep-alive");
            keepAlive.ifPresent(idle -> put(settings, "idleTimeout", idle, ""));
            proxied.timeout("client").ifPresent(client -> {
                if (keepAlive.isPresent()) {
                    client.by()
                            .tell(
                                    Verdict.DIFFERS,
                                    "idleTimeout and headerTimeout end idle clients; silence within a request or an answer does not",
                                    settings.place());
                } else {
                    put(settings, "idleTimeout", client, "between requests; silence within one is not timed");
                }
            });
        });
        proxied.timeout("server")
                .ifPresent(server -> proxied.onPool(pool -> {
                    pool.onListeners("responseTimeout", capped(server.value()), server.by());
                    server.by().differs("until the head of the answer; silence within a body is not timed");
                }));
        proxied.timeout("tunnel")
                .ifPresent(tunnel ->
                        tunnel.by().differs("WebSockets have no idle timeout; keepAlive finds peers that are gone"));
    }

    private static void finishTcp(Proxied proxied) {
        proxied.onEntrances(entrance -> proxied.timeout("client")
                .ifPresent(
                        client -> entrance.settings().putShorter("idleTimeout", capped(client.value()), client.by())));
        if (proxied.isFront() && proxied.isBack()) {
            finishServer(proxied, proxied);
        }
    }

    /** The times of a backend, on the listeners of a frontend that sends to it. */
    static void finishServer(Proxied front, Proxied back) {
        if (front.http()) {
            return;
        }
        var tunnel = back.timeout("tunnel");
        var server = back.timeout("server");
        front.onEntrances(entrance -> {
            var settings = entrance.settings();
            if (tunnel.isPresent()) {
                settings.drop("idleTimeout", Verdict.DIFFERS, "idleTimeout is that of timeout tunnel");
                put(settings, "idleTimeout", tunnel.get(), "");
                server.ifPresent(time -> time.by().differs("idleTimeout is that of timeout tunnel"));
            } else {
                server.ifPresent(time -> settings.putShorter("idleTimeout", capped(time.value()), time.by()));
            }
        });
    }

    private static void put(Settings settings, String key, Proxied.Timeout timeout, String difference) {
        var more = timeout.value().compareTo(DAY) > 0
                ? Optional.of("the longest there is")
                : Optional.of(difference).filter(text -> !text.isEmpty());
        if (more.isPresent()) {
            settings.put(key, capped(timeout.value()), timeout.by(), more.get());
        } else {
            settings.put(key, timeout.value(), timeout.by());
        }
    }

    private static Duration capped(Duration time) {
        return time.compareTo(DAY) > 0 ? DAY : time;
    }
}
