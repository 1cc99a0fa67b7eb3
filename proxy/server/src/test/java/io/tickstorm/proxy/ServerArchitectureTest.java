package io.tickstorm.proxy;

import com.tngtech.archunit.core.domain.JavaClasses;
import io.tickstorm.proxy.architecture.Architecture;
import org.junit.jupiter.api.Test;

class ServerArchitectureTest {
    private final JavaClasses proxy = Architecture.proxy();

    @Test
    void packagesDependOnlyOnLowerOnes() {
        Architecture.layers().check(proxy);
    }

    @Test
    void onlyTimeKnowsTimeAndChance() {
        Architecture.noClockOutsideTime().check(proxy);
    }
}
