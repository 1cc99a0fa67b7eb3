package io.tickstorm.proxy.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tickstorm.proxy.balance.BalancingSettings.Kind;
import io.tickstorm.proxy.settings.Problems;
import io.tickstorm.proxy.settings.Section;
import io.tickstorm.proxy.settings.Yaml;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BalancingSettingsTest {
    @Test
    void nothingIsNeeded() {
        assertThat(read("{}")).isEqualTo(BalancingSettings.DEFAULT);
        assertThat(BalancingSettings.DEFAULT.policy()).isEqualTo(Kind.LEAST_CONNECTIONS);
    }

    @Test
    void everythingCanBeSaid() {
        assertThat(read("""
                        policy: ConsistentHash
                        hash: {by: Header, name: X-Tenant, balanceFactor: 200}
                        slowStart: {window: 1m, minimum: 5}
                        panicThreshold: 0
                        zoneHints: false
                        """))
                .isEqualTo(new BalancingSettings(
                        Kind.CONSISTENT_HASH,
                        new HashSettings(HashSettings.By.HEADER, "X-Tenant", 200),
                        new SlowStartSettings(Duration.ofMinutes(1), 5),
                        0,
                        false));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void aPolicyAloneHasDefaultsForAllElse(Kind policy) {
        assertThat(read("policy: " + policy)).isEqualTo(new BalancingSettings(policy));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {policy: RoundRobin, hash: {by: ClientIp}}                     | hash: (expected: only with the policies ConsistentHash and SourceIpHash)
            {policy: ConsistentHash, hash: {by: Header}}                   | hash.name: missing (expected: the name of a header or cookie)
            {policy: ConsistentHash, hash: {by: Cookie, name: 'a b'}}      | hash.name: "a b" (expected: the name of a header or cookie)
            {policy: ConsistentHash, hash: {name: X-Tenant}}               | hash.name: (expected: only with by: Header and by: Cookie)
            {policy: SourceIpHash, hash: {by: Header, name: X-Tenant}}     | hash.by: Header (expected: ClientIp with the policy SourceIpHash)
            {policy: SourceIpHash, hash: {balanceFactor: 99}}              | hash.balanceFactor: 99 (expected: 100..1000)
            {slowStart: {minimum: 0}}                                      | slowStart.minimum: 0 (expected: 1..100)
            {slowStart: {window: 2h}}                                      | slowStart.window: 2h (expected: 0s..1h)
            {panicThreshold: 101}                                          | panicThreshold: 101 (expected: 0..100)
            """)
    void saysWhatIsWrong(String text, String message) {
        var section = Yaml.read(text, "f");

        BalancingSettings.read(section);
        section.end();

        assertThat(section.problems().messages()).containsExactly("f:1: " + message);
    }

    @Test
    void aHashPolicyAlwaysHasAHashAndNoOtherHasOne() {
        var other = BalancingSettings.DEFAULT;

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BalancingSettings(
                        Kind.RANDOM, HashSettings.DEFAULT, other.slowStart(), other.panicThreshold(), true));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BalancingSettings(
                        Kind.SOURCE_IP_HASH, null, other.slowStart(), other.panicThreshold(), true));
    }

    private static BalancingSettings read(String text) {
        var section = Yaml.read(text, "f");
        var settings = BalancingSettings.read(section);
        section.end();
        assertThat(section.problems().messages()).isEmpty();
        assertThat(BalancingSettings.read(Section.of(settings.toMap(), "", new Problems(""))))
                .as("written and read again")
                .isEqualTo(settings);
        return settings;
    }
}
