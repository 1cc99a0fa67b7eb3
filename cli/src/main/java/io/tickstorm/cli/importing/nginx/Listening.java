package io.tickstorm.cli.importing.nginx;

import io.tickstorm.cli.importing.draft.Entrance;
import io.tickstorm.cli.importing.draft.Said;
import io.tickstorm.cli.importing.draft.Settings;
import io.tickstorm.cli.importing.draft.Site;
import io.tickstorm.cli.importing.draft.Verdict;
import io.tickstorm.proxy.listener.ListenerSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The addresses that servers share: each is one listener, whose server for all other names is the first one that says so, or the first. */
final class Listening {
    private static final int HTTP = 80;
    // what nginx waits for silent TCP connections unless it is told otherwise
    private static final Duration SILENCE = Duration.ofMinutes(10);

    private final Site site;
    private final boolean http;
    private final List<Directive> servers;
    private final Map<Address, Entrance> entrances = new HashMap<>();
    private final Map<Address, Directive> defaults = new HashMap<>();

    Listening(Site site, boolean http, List<Directive> servers) {
        this.site = site;
        this.http = http;
        this.servers = servers;
        for (var server : servers) {
            for (var listen : server.children("listen")) {
                address(listen.said()).ifPresent(address -> {
                    if (listen.said().words().contains("default_server")
                            || listen.said().words().contains("default")) {
                        defaults.put(address, server);
                    } else {
                        defaults.putIfAbsent(address, server);
                    }
                });
            }
        }
    }

    private static Optional<Address> address(Said listen) {
        var text = listen.word(1);
        if (text.matches("\\d+")) {
            return Values.number(text).map(port -> new Address(ListenerSettings.ANY_ADDRESS, port));
        }
        return Address.of(text, HTTP)
                .map(address -> address.host().equals("*")
                        ? new Address(ListenerSettings.ANY_ADDRESS, address.port())
                        : address)
                // :: takes IPv4, too, so both of them are one listener
                .map(address -> address.host().equals("::")
                        ? new Address(ListenerSettings.ANY_ADDRESS, address.port())
                        : address);
    }

    /** Where all addresses are meant, those of IPv6 are if any server says so. */
    private static String host(Address address, List<Directive> servers) {
        boolean both = servers.stream()
                .flatMap(server -> server.children("listen").stream())
                .anyMatch(listen -> listen.said().word(1).equals("[::]:" + address.port()));
        return both && address.host().equals(ListenerSettings.ANY_ADDRESS) ? "::" : address.host();
    }

    /** Whether a server gets what no other name of this listener takes. */
    boolean isDefault(Directive server, Entrance entrance) {
        return entrances.entrySet().stream()
                .anyMatch(entry -> entry.getValue() == entrance && defaults.get(entry.getKey()) == server);
    }

    /** Whether other servers have this address, too. */
    boolean isShared(Entrance entrance) {
        return entrances.entrySet().stream()
                .filter(entry -> entry.getValue() == entrance)
                .anyMatch(entry -> servers.stream()
                                .filter(server -> server.children("listen").stream()
                                        .anyMatch(
                                                listen -> address(listen.said()).equals(Optional.of(entry.getKey()))))
                                .count()
                        > 1);
    }

    /** The listeners of a server, opened where they are not yet. */
    List<Entrance> open(Directive server, Effective effective) {
        var opened = new ArrayList<Entrance>();
        for (var listen : server.children("listen")) {
            var address = address(listen.said());
            if (address.isEmpty() || listen.said().words().contains("udp")) {
                listen.said()
                        .lost(
                                listen.said().words().contains("udp")
                                        ? "datagrams are not balanced"
                                        : '"' + listen.said().word(1) + "\" (expected: an address or a port)");
                continue;
            }
            var entrance = entrances.computeIfAbsent(address.get(), any -> entrance(listen.said(), any));
            entrance.settings().tell(listen.said(), Verdict.CARRIED, "listener " + entrance.name());
            listen.said().arguments().stream()
                    .skip(1)
                    .forEach(word -> option(listen.said(), entrance, effective, word));
            if (!opened.contains(entrance)) {
                opened.add(entrance);
            }
        }
        if (server.children("listen").isEmpty()) {
            opened.add(entrances.computeIfAbsent(
                    new Address(ListenerSettings.ANY_ADDRESS, HTTP), any -> entrance(server.said(), any)));
        }
        return opened;
    }

    private Entrance entrance(Said said, Address address) {
        boolean secure = said.words().contains("ssl");
        var name = (http ? secure ? "https-" : "http-" : "tcp-") + address.port();
        var entrance = site.entrance(name, said, http, host(address, servers), address.port());
        if (!http) {
            entrance.settings().put("idleTimeout", SILENCE);
        }
        return entrance;
    }

    private static void option(Said said, Entrance entrance, Effective effective, String word) {
        switch (word.replaceAll("=.*", "")) {
            case "ssl" -> certificates(said, entrance, effective);
            case "http2" -> entrance.settings().put("http2.enabled", true, said);
            case "proxy_protocol" -> {
                var trusted = effective.arguments("set_real_ip_from");
                if (trusted.isEmpty()) {
                    entrance.settings()
                            .put(
                                    "proxyProtocol.trustedProxies",
                                    List.of("0.0.0.0/0", "::/0"),
                                    said,
                                    "name those that send it: whoever reaches the port is believed");
                } else {
                    entrance.settings().put("proxyProtocol.trustedProxies", trusted, said);
                }
            }
            case "default_server", "default" -> said.carried("gets what no other name takes");
            case "reuseport", "backlog", "deferred", "fastopen", "rcvbuf", "sndbuf", "bind", "setfib" ->
                said.tell(Verdict.UNNEEDED, word + ": a matter of the kernel", "");
            case "so_keepalive" -> said.tell(Verdict.UNNEEDED, word + ": listeners[].keepAlive is on by default", "");
            case "ipv6only" -> said.differs(word + ": a listener on all addresses has both families");
            default -> said.lost(word + ": the importer does not know it");
        }
    }

    private static void certificates(Said said, Entrance entrance, Effective effective) {
        var settings = entrance.settings();
        if (settings.value("tls.minVersion").isEmpty()) {
            // so that the section is there, and refused without a certificate
            settings.put("tls.minVersion", "TLSv1.2", said);
        }
        var certificates = effective.all("ssl_certificate");
        var keys = effective.all("ssl_certificate_key");
        for (int i = 0; i < Math.min(certificates.size(), keys.size()); i++) {
            var file = certificates.get(i).said().word(1);
            boolean known = settings.section("tls").items("certificates").stream()
                    .anyMatch(certificate ->
                            certificate.value("certificateFile").orElse("").equals(file));
            if (known) {
                certificates.get(i).said().carried("tls.certificates");
                keys.get(i).said().carried("tls.certificates");
                continue;
            }
            var certificate = new Settings(settings.place());
            certificate.put("certificateFile", file, certificates.get(i).said());
            certificate.put("keyFile", keys.get(i).said().word(1), keys.get(i).said());
            settings.section("tls").add("certificates", certificate);
        }
    }
}
