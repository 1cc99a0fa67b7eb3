package io.tickstorm.proxy.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import io.tickstorm.proxy.endpoint.ClockReader;
import io.tickstorm.proxy.endpoint.LayerBreaker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArchitectureTest {
    private final JavaClasses core = Architecture.proxy();

    @Test
    void packagesDependOnlyOnLowerOnes() {
        Architecture.layers().check(core);
    }

    @Test
    void onlyTimeKnowsTimeAndChance() {
        Architecture.noClockOutsideTime().check(core);
    }

    @Test
    void theCoreUsesNoFramework() {
        Architecture.noFrameworksInTheCore().check(core);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "io.vertx.core.Vertx",
                "io.netty.channel.Channel",
                "io.fabric8.kubernetes.client.Client",
                "io.micrometer.core.instrument.Meter"
            })
    void noFrameworkIsOnTheClassPathOfTheCore(String type) {
        assertThatThrownBy(() -> Class.forName(type)).isInstanceOf(ClassNotFoundException.class);
    }

    @Test
    void theRulesFindWhatBreaksThem() {
        var culprits = new ClassFileImporter().importClasses(LayerBreaker.class, ClockReader.class);

        assertThat(violations(Architecture.layers(), culprits)).contains("LayerBreaker", "Backend");
        assertThat(violations(Architecture.noClockOutsideTime(), culprits)).contains("nanoTime", "currentTimeMillis");
    }

    private static String violations(ArchRule rule, JavaClasses classes) {
        return rule.evaluate(classes).getFailureReport().toString();
    }
}
