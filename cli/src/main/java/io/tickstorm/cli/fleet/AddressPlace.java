package io.tickstorm.cli.fleet;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Proxies that nobody but their admin ports tells of, such as one that was started by hand. */
public final class AddressPlace implements Place {
    private final Map<String, URI> addresses = new HashMap<>();
    private final List<Pod> pods = new ArrayList<>();

    /**
     * @param admins HOST:PORT, or a URL
     * @throws IllegalArgumentException with a message for the user if one is neither
     */
    public AddressPlace(List<String> admins) {
        for (var admin : admins) {
            var url = admin.contains("://") ? admin : "http://" + admin;
            URI uri;
            try {
                uri = URI.create(url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(wrong(admin), e);
            }
            if (uri.getHost() == null || uri.getPort() < 0 || !uri.getPath().isEmpty()) {
                throw new IllegalArgumentException(wrong(admin));
            }
            var name = uri.getAuthority();
            addresses.put(name, uri);
            pods.add(new Pod(
                    name,
                    Role.PROXY,
                    true,
                    "given",
                    false,
                    null,
                    null,
                    0,
                    Map.of(Port.ADMIN.word(), uri.getPort()),
                    List.of()));
        }
    }

    private static String wrong(String admin) {
        return "--admin: " + admin + " (expected: HOST:PORT of an admin port, such as 127.0.0.1:8404)";
    }

    @Override
    public String words() {
        return "admin port" + (pods.size() == 1 ? "" : "s");
    }

    @Override
    public List<Site> sites(@Nullable String cluster) throws IOException {
        if (cluster != null) {
            throw new IOException("cluster: " + cluster + " (expected: no name, since --admin names proxies)");
        }
        return List.of(new Site("proxies", null, pods));
    }

    @Override
    public Line open(Pod pod, Port port) throws IOException {
        var address = addresses.get(pod.name());
        if (address == null || port != Port.ADMIN) {
            throw new IOException("only its admin port is known");
        }
        return Line.to(address);
    }

    @Override
    public InputStream log(Pod pod, LogWish wish) throws IOException {
        throw new IOException("the log of " + pod.name() + " is not known here, only its admin port");
    }

    @Override
    public @Nullable String token(Site site) {
        return null;
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
