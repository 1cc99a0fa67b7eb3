package io.tickstorm.cli.fleet;

import io.tickstorm.cli.fleet.ProxyState.Backend;
import io.tickstorm.cli.fleet.ProxyState.Held;
import io.tickstorm.cli.fleet.ProxyState.Listener;
import io.tickstorm.cli.fleet.ProxyState.Upstream;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Clusters for tests of what is made of them. */
public final class Fleets {
    private Fleets() {}

    /** Two proxies, of which the second may be silent; two pods, of which the second is held back at the first proxy. */
    public static Fleet troubled(boolean secondAnswers) {
        return fleet(
                null,
                proxy("proxy-a", state("1111", upstream("web-0", true), held("web-1"))),
                secondAnswers
                        ? proxy("proxy-b", state("1111", upstream("web-0", true), upstream("web-1", true)))
                        : silent("proxy-b", "its admin port refuses connections"));
    }

    public static Fleet fleet(@Nullable String resource, Proxy... proxies) {
        var site = new Site(
                "shop",
                resource == null ? null : new JsonObject(resource),
                List.of(pod("web-0", Role.BACKEND), pod("web-1", Role.BACKEND)));
        return Fleet.of("test", site, List.of(proxies));
    }

    public static Proxy proxy(String name, ProxyState state) {
        return new Proxy(pod(name, Role.PROXY), state, "");
    }

    public static Proxy silent(String name, String why) {
        return new Proxy(pod(name, Role.PROXY), null, why);
    }

    public static ProxyState state(String hash, Upstream... upstreams) {
        return state(hash, "NORMAL", upstreams);
    }

    public static ProxyState state(String hash, String mode, Upstream... upstreams) {
        return new ProxyState(
                false,
                true,
                5,
                50,
                hash,
                List.of(),
                List.of(new Listener("http", "HTTP", 8080, 5, 50, 0)),
                List.of(new Backend(
                        "web", "LeastConnections", mode, "words of " + mode, 3, 1, null, true, List.of(upstreams))));
    }

    public static Upstream upstream(String name, boolean serving, Held... held) {
        return upstream(name, serving, false, 100, held);
    }

    public static Upstream upstream(String name, boolean serving, boolean drained, long requests, Held... held) {
        return new Upstream(
                name,
                "10.0.0.1:" + (8000 + name.charAt(name.length() - 1) - '0'),
                null,
                null,
                "ACTIVE",
                serving,
                drained,
                false,
                List.of(held),
                50,
                2,
                requests,
                1,
                requests / 50,
                10.0,
                25.0,
                Buckets.NONE);
    }

    /** Of bounds of 10, 25 and 50 ms. */
    public static Upstream answered(String name, int... counts) {
        var json = new JsonObject()
                .put("name", name)
                .put("address", "10.0.0.1:8000")
                .put("lastMinute", new JsonObject().put("answers", array(counts)));
        var backend = new JsonObject().put("name", "web").put("upstreams", new JsonArray().add(json));
        var state =
                new JsonObject().put("answerBoundsMs", array(10, 25, 50)).put("backends", new JsonArray().add(backend));
        return ProxyState.of(state).backends().getFirst().upstreams().getFirst();
    }

    private static JsonArray array(int... numbers) {
        return new JsonArray(Arrays.stream(numbers).boxed().toList());
    }

    public static Upstream held(String name) {
        return upstream(name, false, new Held("FAILED_CHECK", "the last check failed: no answer within 1s", 9));
    }

    public static Pod pod(String name, Role role) {
        return new Pod(name, role, true, "Running", false, "node-1", "10.0.0.9", 0, Map.of(), List.of());
    }
}
