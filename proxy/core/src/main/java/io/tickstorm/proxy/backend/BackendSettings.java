package io.tickstorm.proxy.backend;

import io.tickstorm.proxy.balance.BalancingSettings;
import io.tickstorm.proxy.breaker.CircuitBreakerSettings;
import io.tickstorm.proxy.breaker.OutlierEjectionSettings;
import io.tickstorm.proxy.endpoint.ProxyProtocol;
import io.tickstorm.proxy.health.HealthCheckSettings;
import io.tickstorm.proxy.retry.RetrySettings;
import io.tickstorm.proxy.settings.Section;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a backend treats its upstreams, wherever they come from.
 *
 * @param healthCheck null = upstreams are not asked
 * @param stickiness null = none
 * @param protocol of those that serve HTTP; means nothing to TCP
 * @param tls null = plain
 * @param proxyProtocol how connections to upstreams begin, those of health checks on the same port included
 */
public record BackendSettings(
        BalancingSettings balancing,
        @Nullable HealthCheckSettings healthCheck,
        RetrySettings retries,
        CircuitBreakerSettings circuitBreaker,
        OutlierEjectionSettings outlierEjection,
        LimitSettings limits,
        @Nullable StickinessSettings stickiness,
        UpstreamProtocol protocol,
        @Nullable UpstreamTlsSettings tls,
        ProxyProtocol proxyProtocol) {
    public static final BackendSettings DEFAULT = new BackendSettings(
            BalancingSettings.DEFAULT,
            null,
            RetrySettings.DEFAULT,
            CircuitBreakerSettings.DEFAULT,
            OutlierEjectionSettings.DEFAULT);

    public BackendSettings {
        healthCheck = healthCheck == null ? null : healthCheck.through(proxyProtocol);
        if (healthCheck != null && protocol == UpstreamProtocol.HTTP2) {
            healthCheck = healthCheck.overHttp2();
        }
    }

    /** Without limits and stickiness. */
    public BackendSettings(
            BalancingSettings balancing,
            @Nullable HealthCheckSettings healthCheck,
            RetrySettings retries,
            CircuitBreakerSettings circuitBreaker,
            OutlierEjectionSettings outlierEjection) {
        this(balancing, healthCheck, retries, circuitBreaker, outlierEjection, LimitSettings.NONE, null);
    }

    /** HTTP/1.1, in plain, without the PROXY protocol. */
    public BackendSettings(
            BalancingSettings balancing,
            @Nullable HealthCheckSettings healthCheck,
            RetrySettings retries,
            CircuitBreakerSettings circuitBreaker,
            OutlierEjectionSettings outlierEjection,
            LimitSettings limits,
            @Nullable StickinessSettings stickiness) {
        this(
                balancing,
                healthCheck,
                retries,
                circuitBreaker,
                outlierEjection,
                limits,
                stickiness,
                UpstreamProtocol.HTTP1,
                null,
                ProxyProtocol.NONE);
    }

    public static BackendSettings read(Section section) {
        var settings = new BackendSettings(
                section.section("balancing", BalancingSettings::read),
                section.optionalSection("healthCheck", HealthCheckSettings::read),
                section.section("retries", RetrySettings::read),
                section.section("circuitBreaker", CircuitBreakerSettings::read),
                section.section("outlierEjection", OutlierEjectionSettings::read),
                section.section("limits", LimitSettings::read),
                section.optionalSection("stickiness", StickinessSettings::read),
                section.enumeration("protocol", UpstreamProtocol.HTTP1),
                section.optionalSection("tls", UpstreamTlsSettings::read),
                section.enumeration("proxyProtocol", ProxyProtocol.NONE));
        if (settings.stickiness() != null && settings.balancing().hash() != null) {
            section.problem(
                    "stickiness",
                    "beside the policy " + settings.balancing().policy()
                            + ", which decides where a client goes (expected: one of the two)");
        }
        if (settings.protocol() == UpstreamProtocol.HTTP2 && settings.proxyProtocol() != ProxyProtocol.NONE) {
            section.problem(
                    "proxyProtocol",
                    settings.proxyProtocol()
                            + " beside protocol: HTTP2, whose connections carry requests of many clients"
                            + " (expected: NONE, or protocol: HTTP1)");
        }
        return settings;
    }

    /** The same, with paths of files relative to this folder instead of the working directory. */
    public BackendSettings in(Path folder) {
        return new BackendSettings(
                balancing,
                healthCheck,
                retries,
                circuitBreaker,
                outlierEjection,
                limits,
                stickiness instanceof StickinessSettings.Cookie cookie ? cookie.in(folder) : stickiness,
                protocol,
                tls == null ? null : tls.in(folder),
                proxyProtocol);
    }

    public Map<String, Object> toMap() {
        var map = new LinkedHashMap<String, Object>();
        map.put("balancing", balancing.toMap());
        if (healthCheck != null) {
            map.put("healthCheck", healthCheck.toMap());
        }
        map.put("retries", retries.toMap());
        map.put("circuitBreaker", circuitBreaker.toMap());
        map.put("outlierEjection", outlierEjection.toMap());
        map.put("limits", limits.toMap());
        if (stickiness != null) {
            map.put("stickiness", stickiness.toMap());
        }
        map.put("protocol", protocol.name());
        if (tls != null) {
            map.put("tls", tls.toMap());
        }
        map.put("proxyProtocol", proxyProtocol.toString());
        return map;
    }
}
