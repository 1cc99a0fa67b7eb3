package io.tickstorm.operator.desired;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Quantity;
import io.tickstorm.operator.crd.Resources;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How much memory the JVM of our own images takes for the machine's. By itself it sees the limit of its container, and shares it out as the image says; where there is no
 * limit it would see the whole node, and so would each pod on it.
 */
final class Memory {
    static final String JVM_OPTIONS = "JDK_JAVA_OPTIONS";

    private Memory() {}

    /** @param fallback what a pod gets that asks for nothing */
    static List<EnvVar> environment(@Nullable Resources resources, Quantity fallback) {
        if (resources == null) {
            return List.of(options(fallback));
        }
        if (resources.limits().containsKey("memory")) {
            return List.of();
        }
        return List.of(options(resources.requests().getOrDefault("memory", fallback)));
    }

    private static EnvVar options(Quantity memory) {
        var bytes = memory.getNumericalAmount().max(BigDecimal.ONE).toBigInteger();
        return new EnvVar(JVM_OPTIONS, "-XX:MaxRAM=" + bytes, null);
    }
}
