package io.tickstorm.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ConfigDiffTest {
    private static final String BEFORE = """
            listeners:
              - {name: a, port: 0, backend: web}
              - {name: b, port: 0, backend: web}
              - {name: c, port: 0, backend: web}
            backends:
              - {name: web, discovery: {static: []}}
              - {name: old, discovery: {static: []}}
            workers: 1
            """;
    private static final String AFTER = """
            listeners:
              - {name: d, port: 0, backend: web}
              - {name: c, port: 0, backend: web}
              - {name: a, port: 0, backend: fresh}
            backends:
              - {name: web, discovery: {static: ["10.0.0.1:80"]}}
              - {name: fresh, discovery: {static: []}}
            workers: 1
            """;

    @Test
    void whatHasAnotherNameIsAnotherOneAndWhatHasTheSameNameChanges() {
        var diff = ConfigDiff.between(config(BEFORE), config(AFTER));

        assertThat(diff.listeners().added()).containsOnlyKeys("d");
        assertThat(diff.listeners().changed()).containsOnlyKeys("a");
        assertThat(diff.listeners().removed()).containsExactly("b");
        assertThat(diff.listeners().order()).containsExactly("d", "c", "a");
        assertThat(diff.backends().fresh()).isEqualTo(config(AFTER).backends());
        assertThat(diff.backends().removed()).containsExactly("old");
        assertThat(diff.processChanged()).isFalse();
        assertThat(diff).hasToString("listeners +d ~a -b, backends +fresh ~web -old");
    }

    @Test
    void theSameConfigurationNeedsNothing() {
        var diff = ConfigDiff.between(config(BEFORE), config(BEFORE));

        assertThat(diff.listeners().isEmpty()).isTrue();
        assertThat(diff.backends().isEmpty()).isTrue();
        assertThat(diff).hasToString("listeners unchanged, backends unchanged");
    }

    @Test
    void whatIsNeitherListenerNorBackendIsTheProcess() {
        var other = config(BEFORE.replace("workers: 1", "workers: 2"));
        var diff = ConfigDiff.between(config(BEFORE), other);

        assertThat(diff.processChanged()).isTrue();
        assertThat(diff.apply(config(BEFORE))).isEqualTo(other);
        assertThat(diff).hasToString("listeners unchanged, backends unchanged, the process");
    }

    @Test
    void aChangeOfOneConfigurationIsNotAppliedToOneThatLacksWhatStays() {
        var diff = ConfigDiff.between(config(BEFORE), config(AFTER));
        var without = config(
                "listeners: [{name: a, port: 0, backend: web}]\nbackends: [{name: web, discovery: {static: []}}]");

        assertThat(diff.apply(config(BEFORE))).isEqualTo(config(AFTER));
        assertThatThrownBy(() -> diff.apply(without))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("c (expected: ");
    }

    private static ProxyConfig config(String yaml) {
        return ((ConfigResult.Valid) ProxyConfig.read(yaml, "")).config();
    }
}
