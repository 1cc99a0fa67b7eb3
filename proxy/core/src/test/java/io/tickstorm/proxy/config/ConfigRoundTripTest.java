package io.tickstorm.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.admission.DrainSettings;
import io.tickstorm.proxy.backend.BackendSettings;
import io.tickstorm.proxy.backend.LimitSettings;
import io.tickstorm.proxy.backend.StickinessSettings;
import io.tickstorm.proxy.balance.BalancingSettings;
import io.tickstorm.proxy.balance.HashSettings;
import io.tickstorm.proxy.balance.SlowStartSettings;
import io.tickstorm.proxy.breaker.CircuitBreakerSettings;
import io.tickstorm.proxy.breaker.OutlierEjectionSettings;
import io.tickstorm.proxy.health.HealthCheckSettings;
import io.tickstorm.proxy.health.Probe;
import io.tickstorm.proxy.listener.BackendShare;
import io.tickstorm.proxy.listener.ClientSettings;
import io.tickstorm.proxy.listener.ListenerLimits;
import io.tickstorm.proxy.listener.ListenerSettings;
import io.tickstorm.proxy.listener.Protocol;
import io.tickstorm.proxy.listener.Rate;
import io.tickstorm.proxy.retry.RetrySettings;
import io.tickstorm.proxy.settings.AddressRange;
import io.tickstorm.proxy.settings.ByteText;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is written is read as the same value; for configurations that chance has made. */
class ConfigRoundTripTest {
    private static final long SEED = 20_261_121;

    @ParameterizedTest
    @MethodSource("configurations")
    void readingWhatWasWrittenGivesTheSame(ProxyConfig config) {
        var text = config.toYaml();

        assertThat(ProxyConfig.read(text, "written")).as(text).isEqualTo(new ConfigResult.Valid(config));
        assertThat(config.toYaml()).as("the same text each time").isEqualTo(text);
    }

    static List<ProxyConfig> configurations() {
        var random = new Random(SEED);
        return IntStream.range(0, 50).mapToObj(i -> configuration(random)).toList();
    }

    private static ProxyConfig configuration(Random random) {
        int backends = 1 + random.nextInt(3);
        return new ProxyConfig(
                IntStream.range(0, 1 + random.nextInt(3))
                        .mapToObj(i -> listener(random, i, backends))
                        .toList(),
                IntStream.range(0, backends).mapToObj(i -> backend(random, i)).toList(),
                new DrainSettings(duration(random, 0), duration(random, 0)),
                new Bind("0.0.0.0", 20_000),
                new AdminSettings(new Bind("::1", random.nextInt(2) * 20_001), random.nextBoolean() ? "a token" : null),
                new MetricsSettings(new Bind("::1", random.nextInt(2) * 20_002), random.nextBoolean()),
                new AccessLogSettings(
                        AccessLogSettings.Requests.values()[random.nextInt(3)], random.nextBoolean() ? "" : "a log"),
                random.nextBoolean() ? "zone: a" : null,
                random.nextInt(64));
    }

    private static ListenerSettings listener(Random random, int number, int backends) {
        var limits = random.nextBoolean()
                ? new ListenerLimits.Http(
                        1 + random.nextInt(1_000_000),
                        duration(random, 0),
                        duration(random, 1),
                        duration(random, 0),
                        duration(random, 0),
                        duration(random, 0),
                        1024 + random.nextInt(65536))
                : ListenerLimits.defaults(Protocol.TCP);
        return new ListenerSettings(
                "l" + number,
                random.nextBoolean() ? "0.0.0.0" : "fd00::1",
                number * 1_000,
                shares(random, backends),
                limits,
                rate(random),
                clients(random, limits instanceof ListenerLimits.Http));
    }

    private static List<BackendShare> shares(Random random, int backends) {
        if (random.nextBoolean()) {
            return List.of(new BackendShare("b" + random.nextInt(backends), 1));
        }
        return IntStream.range(0, backends)
                .mapToObj(i -> new BackendShare("b" + i, 1 + random.nextInt(1_000_000)))
                .toList();
    }

    private static ClientSettings clients(Random random, boolean http) {
        return new ClientSettings(
                random.nextInt(100),
                rate(random),
                http ? rate(random) : Rate.UNLIMITED,
                http ? Rate.UNLIMITED : rate(random),
                64 + random.nextInt(100_000),
                Stream.of("10.0.0.0/8", "fd00::/8", "192.0.2.1")
                        .limit(random.nextInt(4))
                        .map(text -> Objects.requireNonNull(
                                AddressRange.SYNTAX.parse().apply(text)))
                        .toList());
    }

    private static Rate rate(Random random) {
        return random.nextBoolean() ? Rate.UNLIMITED : new Rate(1 + random.nextInt(100_000), 1 + random.nextInt(9));
    }

    private static BackendConfig backend(Random random, int number) {
        var discovery = switch (random.nextInt(3)) {
            case 0 ->
                new DiscoverySettings.Static(List.of(
                        StaticEndpoint.of("10.0.0.1", 80),
                        new StaticEndpoint("fd00::2", 81, "it's: \"odd\" # name", 100, "true")));
            case 1 -> new DiscoverySettings.File("a b.yaml", random.nextBoolean() ? "123" : null);
            default -> new DiscoverySettings.Kubernetes("s", random.nextBoolean() ? "null" : null, null);
        };
        var probe = switch (random.nextInt(4)) {
            case 0 -> new Probe.Grpc(random.nextBoolean() ? "" : "a.b.C");
            case 1 -> Probe.Tcp.CONNECTION;
            case 2 -> new Probe.Tcp(new ByteText("\0 \"é\\\r\n'#"), new ByteText(": x\u007f\t\u00ff "));
            default ->
                new Probe.Http("/x?a=%23", new Probe.StatusRange(200, 200 + random.nextInt(2) * random.nextInt(300)));
        };
        var check = new HealthCheckSettings(
                probe,
                random.nextInt(2) * 8081,
                Duration.ofSeconds(5),
                duration(random, 10),
                duration(random, 10),
                1 + random.nextInt(9),
                1 + random.nextInt(9));
        var balancing = balancing(random);
        var settings = new BackendSettings(
                balancing,
                random.nextBoolean() ? check : null,
                new RetrySettings(
                        random.nextInt(11),
                        duration(random, 0),
                        random.nextBoolean() ? List.of() : List.of(500 + random.nextInt(100), 503),
                        random.nextBoolean(),
                        new RetrySettings.Backoff(Duration.ofMillis(random.nextInt(50)), duration(random, 50)),
                        new RetrySettings.Budget(random.nextInt(101), random.nextInt(9)),
                        random.nextInt(1 << 20)),
                new CircuitBreakerSettings(random.nextInt(9), Duration.ofMillis(100), Duration.ofSeconds(7)),
                new OutlierEjectionSettings(
                        Duration.ofSeconds(random.nextInt(20)),
                        1 + random.nextInt(50),
                        1 + random.nextInt(100),
                        duration(random, 100),
                        Duration.ofSeconds(5 + random.nextInt(100)),
                        random.nextInt(101),
                        Duration.ofMillis(random.nextInt(5_000))),
                new LimitSettings(
                        random.nextInt(9),
                        random.nextInt(9),
                        new LimitSettings.Queue(random.nextInt(9), duration(random, 0))),
                balancing.hash() == null ? stickiness(random) : null);
        return new BackendConfig("b" + number, discovery, settings);
    }

    private static @Nullable StickinessSettings stickiness(Random random) {
        return switch (random.nextInt(3)) {
            case 0 ->
                new StickinessSettings.Cookie(
                        "c",
                        "a secret",
                        duration(random, 0),
                        true,
                        StickinessSettings.SameSite.values()[random.nextInt(3)]);
            case 1 ->
                new StickinessSettings.SourceIp(
                        Duration.ofMillis(1_000 + random.nextInt(4_000)), 16 + random.nextInt(99));
            default -> null;
        };
    }

    private static BalancingSettings balancing(Random random) {
        var policies = BalancingSettings.Kind.values();
        var policy = policies[random.nextInt(policies.length)];
        boolean header = policy == BalancingSettings.Kind.CONSISTENT_HASH && random.nextBoolean();
        var hash = header
                ? new HashSettings(HashSettings.By.HEADER, "X-Tenant", 100 + random.nextInt(900))
                : new HashSettings(HashSettings.By.CLIENT_IP, "", 100 + random.nextInt(900));
        return new BalancingSettings(
                policy,
                policy.hashes() ? hash : null,
                new SlowStartSettings(duration(random, 0), 1 + random.nextInt(100)),
                random.nextInt(101),
                random.nextBoolean());
    }

    /** From {@code min} to five thousand milliseconds. */
    private static Duration duration(Random random, int min) {
        return Duration.ofMillis(min + random.nextInt(5_000 - min));
    }
}
