package io.tickstorm.cli.fleet;

import static io.tickstorm.cli.fleet.Fleets.fleet;
import static io.tickstorm.cli.fleet.Fleets.proxy;
import static io.tickstorm.cli.fleet.Fleets.state;
import static io.tickstorm.cli.fleet.Fleets.upstream;
import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.cli.fleet.Finding.Weight;
import java.util.List;
import org.junit.jupiter.api.Test;

class FindingsTest {
    private static final String WELL = """
            {"metadata": {"name": "shop", "generation": 1}, "spec": {}, "status": {"observedGeneration": 1, "conditions": [
              {"type": "Ready", "status": "True", "reason": "Ready", "message": "fine"},
              {"type": "Available", "status": "True", "reason": "Serving", "message": "fine"},
              {"type": "Degraded", "status": "False", "reason": "Fine", "message": ""}]}}""";

    @Test
    void findsNothingWhereAllIsWell() {
        assertThat(of(fleet(WELL, proxy("a", state("1", upstream("web-0", true))))))
                .isEmpty();
    }

    @Test
    void theHeaviestComesFirstAndSaysWhatToAsk() {
        var found = of(Fleets.troubled(false));

        assertThat(found).extracting(Finding::weight).containsExactly(Weight.ERROR, Weight.WARNING);
        assertThat(found.get(0).what())
                .isEqualTo("does not answer: its admin port refuses connections; no sum has its numbers");
        assertThat(found.get(1).what())
                .isEqualTo(
                        "held back at 1 of 1 proxies: FAILED_CHECK for 9s: the last check failed: no answer within 1s");
        assertThat(found.get(1).todo()).isEqualTo("kubectl tickstorm why web-1");
    }

    @Test
    void aDrainThatNotAllProxiesHaveIsWrongAndOneThatAllHaveIsWanted() {
        var at = state("1", upstream("web-0", true), upstream("web-1", false, true, 10));
        var notAt = state("1", upstream("web-0", true), upstream("web-1", true));

        assertThat(of(fleet(WELL, proxy("a", at), proxy("b", notAt))))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.weight()).isEqualTo(Weight.WARNING);
                    assertThat(finding.what()).isEqualTo("drained by hand at 1 of 2 proxies only (a)");
                    assertThat(finding.todo())
                            .contains("kubectl tickstorm drain web-1", "kubectl tickstorm resume web-1");
                });
        assertThat(of(fleet(WELL, proxy("a", at), proxy("b", at))))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.counts()).isFalse();
                    assertThat(finding.what()).isEqualTo("drained by hand at all proxies; 4 in flight");
                });
    }

    @Test
    void proxiesOfDifferentConfigurationsAreToldInAClusterOnly() {
        var one = proxy("a", state("1", upstream("web-0", true)));
        var other = proxy("b", state("2", upstream("web-0", true)));

        assertThat(of(fleet(WELL, one, other)))
                .extracting(Finding::what)
                .containsExactly("proxies run by different configurations: 1 at a; 2 at b");
        assertThat(of(fleet(null, one, other))).isEmpty();
    }

    @Test
    void aBackendInPanicNamesTheProxy() {
        var panic = proxy("a", state("1", "PANIC", upstream("web-0", true)));
        var normal = proxy("b", state("1", upstream("web-0", true)));

        assertThat(of(fleet(WELL, panic, normal))).singleElement().satisfies(finding -> {
            assertThat(finding.subject()).isEqualTo("backend web");
            assertThat(finding.what()).isEqualTo("a: words of PANIC");
        });
    }

    @Test
    void whatTheOperatorSaysIsPassedOn() {
        var degraded = WELL.replace(
                "\"Degraded\", \"status\": \"False\", \"reason\": \"Fine\", \"message\": \"\"",
                "\"Degraded\", \"status\": \"True\", \"reason\": \"NodePortTaken\", \"message\": \"30081 is taken; choose another one\"");

        assertThat(of(fleet(degraded, proxy("a", state("1", upstream("web-0", true))))))
                .extracting(Finding::what)
                .containsExactly("NodePortTaken: 30081 is taken; choose another one");
    }

    @Test
    void aClusterThatNoOperatorHasSeenSaysWhereToLook() {
        assertThat(of(fleet("{\"metadata\": {\"name\": \"shop\"}}", proxy("a", state("1", upstream("web-0", true))))))
                .extracting(Finding::what)
                .containsExactly("no operator has said anything of it");
    }

    private static List<Finding> of(Fleet fleet) {
        return Findings.of(fleet, "kubectl tickstorm");
    }
}
