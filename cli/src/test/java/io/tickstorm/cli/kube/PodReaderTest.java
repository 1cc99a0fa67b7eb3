package io.tickstorm.cli.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.cli.fleet.Role;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PodReaderTest {
    private static final Instant CREATED = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void aPodThatHasJustStartedIsNoTroubleAndOneThatNeverGetsReadyIs() {
        var starting = pod("{'phase': 'Running', 'conditions': [{'type': 'Ready', 'status': 'False'}]}");

        assertThat(PodReader.read(starting, CREATED.plusSeconds(59)).troubles()).isEmpty();
        assertThat(PodReader.read(starting, CREATED.plusSeconds(61)).troubles())
                .containsExactly("not ready: its readiness probe fails, or has not succeeded yet");
    }

    @Test
    void whatKeepsAContainerFromStartingIsATroubleAtOnce() {
        var pod = PodReader.read(
                pod(
                        "{'phase': 'Pending', 'containerStatuses': [{'restartCount': 3, 'state': {'waiting': {'reason': 'CrashLoopBackOff', 'message': 'back-off 40s'}},"
                                + " 'lastState': {'terminated': {'reason': 'OOMKilled', 'exitCode': 137}}}]}"),
                CREATED.plusSeconds(300));

        assertThat(pod.phase()).isEqualTo("CrashLoopBackOff");
        assertThat(pod.restarts()).isEqualTo(3);
        assertThat(pod.role()).isEqualTo(Role.BACKEND);
        assertThat(pod.troubles())
                .containsExactly(
                        "CrashLoopBackOff: back-off 40s", "its container ended before: OOMKilled, exit code 137");
    }

    @Test
    void aPodThatNoNodeTakesSaysWhy() {
        var pod = PodReader.read(
                pod("{'phase': 'Pending', 'conditions': [{'type': 'PodScheduled', 'status': 'False',"
                        + " 'reason': 'Unschedulable', 'message': '0/3 nodes are available'}]}"),
                CREATED);

        assertThat(pod.troubles()).containsExactly("Unschedulable: 0/3 nodes are available");
    }

    private static JsonObject pod(String status) {
        return new JsonObject()
                .put(
                        "metadata",
                        new JsonObject()
                                .put("name", "shop-backend-1")
                                .put("creationTimestamp", CREATED.toString())
                                .put("labels", new JsonObject().put("tickstorm.io/component", "backend-green")))
                .put("spec", new JsonObject())
                .put("status", new JsonObject(status.replace('\'', '"')));
    }
}
