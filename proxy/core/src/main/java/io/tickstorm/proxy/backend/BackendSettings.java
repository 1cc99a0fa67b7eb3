package io.tickstorm.proxy.backend;

import io.tickstorm.proxy.balance.BalancingSettings;
import io.tickstorm.proxy.breaker.CircuitBreakerSettings;
import io.tickstorm.proxy.health.HealthCheckSettings;
import io.tickstorm.proxy.retry.RetrySettings;
import io.tickstorm.proxy.settings.Section;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a backend treats its upstreams, wherever they come from.
 *
 * @param healthCheck null = upstreams are not asked
 */
public record BackendSettings(
        BalancingSettings balancing,
        @Nullable HealthCheckSettings healthCheck,
        RetrySettings retries,
        CircuitBreakerSettings circuitBreaker) {
    public static final BackendSettings DEFAULT =
            new BackendSettings(BalancingSettings.DEFAULT, null, RetrySettings.DEFAULT, CircuitBreakerSettings.DEFAULT);

    public static BackendSettings read(Section section) {
        return new BackendSettings(
                section.section("balancing", BalancingSettings::read),
                section.optionalSection("healthCheck", HealthCheckSettings::read),
                section.section("retries", RetrySettings::read),
                section.section("circuitBreaker", CircuitBreakerSettings::read));
    }

    public Map<String, Object> toMap() {
        var map = new LinkedHashMap<String, Object>();
        map.put("balancing", balancing.toMap());
        if (healthCheck != null) {
            map.put("healthCheck", healthCheck.toMap());
        }
        map.put("retries", retries.toMap());
        map.put("circuitBreaker", circuitBreaker.toMap());
        return map;
    }
}
