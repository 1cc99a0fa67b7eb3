package io.tickstorm.cli.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.tickstorm.cli.Launcher;
import io.tickstorm.operator.ApiServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Versions change on a real API server, and real proxies share real requests among them and say what came of it. */
@Timeout(300)
@ExtendWith(ApiServer.Extension.class)
class RolloutIT {
    private static final String CANARY = "replicas: 3, rollout: {strategy: Canary, keepPrevious: 2s,"
            + " canary: {steps: [{weight: 20, pause: 1s}, {weight: 50, pause: 1s}], analysis: {interval: 1s, minRequests: 20}}}";
    private static final String GATED =
            "replicas: 3, rollout: {strategy: Canary, canary: {steps: [{weight: 20}], analysis: {interval: 1s, minRequests: 20}}%s}";
    private static final String BLUE_GREEN = "replicas: 3, rollout: {strategy: BlueGreen%s}";

    private final Town town;

    @TempDir
    private Path folder;

    private final String kubeConfig;

    RolloutIT(ApiServer server) throws Exception {
        kubeConfig = server.kubeConfig();
        town = new Town(server);
    }

    @AfterEach
    void end() {
        town.close();
    }

    @Test
    void aGoodCanaryTakesOverAndNoRequestFails() {
        running(CANARY);

        town.user("shop:good-2", CANARY, "");

        var kept = town.sees(
                "all for the second",
                status -> Integer.valueOf(100).equals(status.get("weight"))
                        && status.get("stableRevision").equals(status.get("revision")));
        assertThat(kept.get("revision")).isNotNull();
        town.seesPhase("Stable");
        town.seesNo(Deployment.class, "demo-backend");
        town.seesNo(Service.class, "demo-backend");
        assertThat(image("demo-backend-green")).isEqualTo("shop:good-2");
        assertThat(town.answered(500) + town.answered(502) + town.answered(503) + town.answered(504))
                .as("%s", town.answers)
                .isZero();
        assertThat(town.events("RolloutStep")).hasSize(3);
        assertThat(town.events("RolloutPromoted")).hasSize(1);
    }

    @Test
    void aBadCanaryIsTakenOutByItselfAndTheStatusSaysWhy() {
        running(CANARY);

        town.user("shop:bad-2", CANARY, "");

        var aborted = town.seesPhase("Aborted");
        assertThat(aborted.get("message")).asString().contains("percent failed", "more failures than 1 percent");
        assertThat(aborted.get("abortedRevision")).isEqualTo(aborted.get("revision"));
        town.seesNo(Deployment.class, "demo-backend-green");
        assertThat(image("demo-backend")).isEqualTo("shop:good-1");
        var before = town.answered(500);
        assertThat(before).as("some clients met the bad version").isPositive();
        assertThat(town.events("RolloutAborted")).hasSize(1);
        var served = town.answered(200);
        town.sees("more requests", any -> town.answered(200) > served + 100);
        assertThat(town.answered(500)).isEqualTo(before);

        // and the next one is tried again
        town.user("shop:good-3", CANARY, "");
        town.seesPhase("Stable");
        assertThat(image("demo-backend-green")).isEqualTo("shop:good-3");
    }

    @Test
    void anotherOperatorGoesOnWhereTheFirstStopped() {
        running(gated(""));
        town.user("shop:good-2", gated(""), "");
        var waiting = step();

        town.stopOperator();
        town.startOperator();
        town.user("shop:good-2", gated(", promote: " + waiting.get("revision")), "");

        town.seesPhase("Kept");
        assertThat(image("demo-backend-green")).isEqualTo("shop:good-2");
        assertThat(town.answered(503)).isZero();
    }

    @Test
    void aProxyThatDoesNotTakeItOverHoldsTheStep() {
        running(gated(""));
        town.proxy(1).deaf(true);

        town.user("shop:good-2", gated(""), "");
        town.sees(
                "a proxy that is waited for",
                status -> "1/2".equals(status.get("acknowledged"))
                        && String.valueOf(status.get("message")).contains("not yet: demo-proxy-1"));

        town.proxy(1).deaf(false);
        step();
    }

    @Test
    void aPersonGoesBackInTheMiddle() {
        running(gated(""));
        town.user("shop:good-2", gated(""), "");
        step();

        town.user("shop:good-1", gated(""), "");

        town.seesPhase("Stable");
        town.seesNo(Deployment.class, "demo-backend-green");
        assertThat(image("demo-backend")).isEqualTo("shop:good-1");
        assertThat(town.answered(503)).isZero();
    }

    @Test
    void blueGreenIsLookedAtThenPromotedAndTakenBack() {
        running(blueGreen(""));
        town.user("shop:good-2", blueGreen(""), "");
        var waiting = town.seesPhase("Waiting");
        assertThat(previewed()).isEqualTo("backend-green");
        assertThat(town.shops.get("demo-backend-green").served()).isZero();

        town.user("shop:good-2", blueGreen(", promote: " + waiting.get("revision")), "");
        var kept = town.seesPhase("Kept");
        assertThat(kept.get("previousRevision")).isNotNull();

        town.user("shop:good-2", blueGreen(", abort: " + waiting.get("revision")), "");
        var back = town.seesPhase("Aborted");
        assertThat(back.get("stableRevision")).isEqualTo(kept.get("previousRevision"));
        var served = town.shops.get("demo-backend").served();
        town.sees(
                "requests for the first", any -> town.shops.get("demo-backend").served() > served + 20);
        assertThat(town.answered(503) + town.answered(502)).isZero();
    }

    @Test
    void aPersonPromotesAndUndoesByTheCommandLine() throws IOException {
        var launcher = new Launcher();
        var config = Files.writeString(folder.resolve("config"), kubeConfig).toString();
        running(blueGreen(""));
        var first = town.rollout().get("revision");

        assertThat(launcher.run("rollout", "undo", "demo", "-n", town.namespace, "--kubeconfig", config))
                .isEqualTo(1);
        assertThat(launcher.complained()).contains("demo: nothing to undo (expected: a version under way");

        town.user("shop:good-2", blueGreen(""), "");
        town.seesPhase("Waiting");
        assertThat(launcher.run("rollout", "promote", "demo", "-n", town.namespace, "--kubeconfig", config))
                .as(launcher.complained())
                .isZero();
        town.seesPhase("Kept");
        assertThat(launcher.run("rollout", "status", "demo", "-n", town.namespace, "--kubeconfig", config))
                .isZero();
        assertThat(launcher.said()).contains("BlueGreen, Kept", "100 %  wanted and stable", first + " ", "still runs");

        assertThat(launcher.run("rollout", "undo", "demo", "-n", town.namespace, "--kubeconfig", config))
                .as(launcher.complained())
                .isZero();

        assertThat(launcher.said()).contains("asks for " + first + " again", "{\"image\":\"shop:good-1\"}");
        town.sees("the first version stable again", status -> first.equals(status.get("stableRevision")));
        assertThat(town.cluster().<String>get("spec", "backend", "image")).isEqualTo("shop:good-1");
        assertThat(town.answered(503) + town.answered(502)).isZero();
    }

    @Test
    void anAutoscalerFollowsTheVersionWithItsNumberOfPods() {
        var scaling = "autoscaling: {backend: {minReplicas: 2, maxReplicas: 9}}";
        town.user("shop:good-1", blueGreen(""), scaling);
        town.seesPhase("Stable");
        town.sees("an autoscaler", any -> town.get(HorizontalPodAutoscaler.class, "demo-backend") != null);
        town.client
                .apps()
                .deployments()
                .inNamespace(town.namespace)
                .withName("demo-backend")
                .scale(7);

        town.user("shop:good-2", blueGreen(""), scaling);
        var waiting = town.seesPhase("Waiting");
        assertThat(replicas("demo-backend-green")).isEqualTo(7);
        assertThat(town.get(HorizontalPodAutoscaler.class, "demo-backend")
                        .getSpec()
                        .getMinReplicas())
                .isEqualTo(7);

        town.user("shop:good-2", blueGreen(", promote: " + waiting.get("revision")), scaling);
        town.seesPhase("Kept");
        town.seesNo(HorizontalPodAutoscaler.class, "demo-backend");
        assertThat(town.get(HorizontalPodAutoscaler.class, "demo-backend-green")
                        .getSpec()
                        .getScaleTargetRef()
                        .getName())
                .isEqualTo("demo-backend-green");
        assertThat(replicas("demo-backend-green")).isEqualTo(7);
        assertThat(replicas("demo-backend")).isEqualTo(7);
    }

    @Test
    void whatIsWrittenDownIsWrittenAgainWhenSomebodyDeletesIt() {
        running(gated(""));
        town.user("shop:good-2", gated(""), "");
        step();
        var record = town.get(ConfigMap.class, "demo-rollout");

        town.client.resource(record).delete();

        town.sees("the record", any -> town.get(ConfigMap.class, "demo-rollout") != null);
        assertThat(town.get(ConfigMap.class, "demo-rollout").getData()).isEqualTo(record.getData());
        assertThat(town.rollout().get("weight")).isEqualTo(20);
    }

    @Test
    void anOperatorWithoutTheRecordTakesWhatRunsForTheStableVersion() {
        running(gated(""));
        town.stopOperator();
        town.client
                .configMaps()
                .inNamespace(town.namespace)
                .withName("demo-rollout")
                .delete();
        var uid = town.get(Deployment.class, "demo-backend").getMetadata().getUid();

        town.startOperator();

        town.sees("the record", any -> town.get(ConfigMap.class, "demo-rollout") != null);
        town.seesPhase("Stable");
        assertThat(town.get(Deployment.class, "demo-backend").getMetadata().getUid())
                .isEqualTo(uid);
        assertThat(town.get(Deployment.class, "demo-backend-green")).isNull();
    }

    private Map<String, Object> step() {
        return town.sees(
                "the first step, with every proxy",
                status -> "Step".equals(status.get("phase"))
                        && "2/2".equals(status.get("acknowledged"))
                        && Integer.valueOf(20).equals(status.get("weight")));
    }

    /** The first version has all the traffic, and there is some. */
    private void running(String backend) {
        town.user("shop:good-1", backend, "");
        town.sees("requests", any -> town.answered(200) > 20);
        town.seesPhase("Stable");
        town.answers.clear();
    }

    private static String gated(String more) {
        return GATED.formatted(more);
    }

    private static String blueGreen(String more) {
        return BLUE_GREEN.formatted(more);
    }

    private int replicas(String deployment) {
        return town.get(Deployment.class, deployment).getSpec().getReplicas();
    }

    private String previewed() {
        return town.get(Service.class, "demo-preview").getSpec().getSelector().get("tickstorm.io/component");
    }

    private String image(String deployment) {
        return town.get(Deployment.class, deployment)
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst()
                .getImage();
    }
}
