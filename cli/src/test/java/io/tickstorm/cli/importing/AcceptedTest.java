package io.tickstorm.cli.importing;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.cli.importing.draft.UnreadableException;
import io.tickstorm.cli.importing.draft.Verdict;
import io.tickstorm.operator.desired.ClusterReader;
import io.tickstorm.proxy.config.ConfigResult;
import io.tickstorm.proxy.config.ProxyConfig;
import io.tickstorm.proxy.property.Property;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whatever an input says, what is written is accepted by its reader, and every directive is told of. */
class AcceptedTest {
    private static final int CASES = 600;
    private static final String CLUSTER = "shop";
    private static final Pattern LISTENER = Pattern.compile("listener ([a-z0-9-]+)( .*)?");

    private final AtomicInteger written = new AtomicInteger();
    private final AtomicInteger refusals = new AtomicInteger();
    private final EnumSet<Verdict> verdicts = EnumSet.noneOf(Verdict.class);

    @Test
    void ofHaproxyAConfigurationIsWrittenThatTheProxyAccepts() {
        Property.holds(CASES, RandomConfigurations::haproxy, text -> accepted(text, Format.HAPROXY, null));

        casesMeetWhatTheyMust();
    }

    @Test
    void ofNginxAConfigurationIsWrittenThatTheProxyAccepts() {
        Property.holds(CASES, RandomConfigurations::nginx, text -> accepted(text, Format.NGINX, null));

        casesMeetWhatTheyMust();
    }

    @Test
    void ofHaproxyAResourceIsWrittenThatTheOperatorAccepts() {
        Property.holds(CASES / 4, RandomConfigurations::haproxy, text -> accepted(text, Format.HAPROXY, CLUSTER));

        casesMeetWhatTheyMust();
    }

    @Test
    void ofNginxAResourceIsWrittenThatTheOperatorAccepts() {
        Property.holds(CASES / 4, RandomConfigurations::nginx, text -> accepted(text, Format.NGINX, CLUSTER));

        casesMeetWhatTheyMust();
    }

    private void casesMeetWhatTheyMust() {
        assertThat(written.get()).as("configurations written").isPositive();
        assertThat(refusals.get()).as("values that the reader refused").isPositive();
        assertThat(verdicts).containsExactlyInAnyOrder(Verdict.values());
    }

    private void accepted(RandomConfigurations.Text input, Format format, @Nullable String cluster) {
        assertThat(Format.of(input.text())).contains(format);
        var imported = imported(input.text(), format, cluster);

        imported.text().ifPresent(text -> {
            written.incrementAndGet();
            everyListenerAndServerThatIsToldIsThere(imported, text);
            if (cluster == null) {
                assertThat(ProxyConfig.read(text, "")).as(text).isInstanceOf(ConfigResult.Valid.class);
            } else {
                assertThat(ClusterReader.read(text, "")).as(text).isInstanceOf(ClusterReader.Reading.Accepted.class);
            }
        });
        var findings = imported.report().findings();
        assertThat(findings.stream().map(finding -> finding.line().number()).distinct())
                .as("lines told of")
                .hasSize(input.directives());
        assertThat(findings).allSatisfy(finding -> assertThat(finding.note()).isNotBlank());
        findings.forEach(finding -> {
            verdicts.add(finding.verdict());
            if (finding.note().contains(": refused: ")) {
                refusals.incrementAndGet();
            }
        });
    }

    private static Imported imported(String text, Format format, @Nullable String cluster) {
        try {
            return Imported.of(new Imported.Input(text, "input", null, Map.of(), cluster), format);
        } catch (UnreadableException e) {
            throw new AssertionError(e);
        }
    }

    /** Nothing that was taken out is told as carried over. */
    private static void everyListenerAndServerThatIsToldIsThere(Imported imported, String text) {
        var told = imported.report().findings().stream()
                .flatMap(finding -> Arrays.stream(finding.note().split("; ")))
                .filter(note -> !note.contains(": refused: "))
                .toList();
        told.forEach(note -> {
            var listener = LISTENER.matcher(note);
            if (listener.matches()) {
                assertThat(text).as(note).contains("name: " + listener.group(1) + "\n");
            }
        });
        assertThat(told.stream()
                        .filter(note -> note.startsWith("discovery.static"))
                        .count())
                .as(text)
                .isEqualTo(text.lines()
                        .filter(line -> line.matches(" *- address: (?!(h|10\\.0\\.0\\.9)$).*"))
                        .count());
    }
}
