package io.tickstorm.operator.metricsapi;

import static io.tickstorm.operator.reconcile.Eventually.eventually;
import static io.tickstorm.operator.reconcile.Eventually.written;
import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.operator.ApiServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** How the metrics are registered with a real API server, and what becomes of it beside others who would be. */
@ExtendWith(ApiServer.Extension.class)
class RegistrationIT {
    private final ApiServer server;
    private MetricsStage stage;

    RegistrationIT(ApiServer server) {
        this.server = server;
    }

    @AfterEach
    void end() {
        stage.close();
    }

    @Test
    void certificatesAndAuthoritiesAreReplacedWithoutAGap() throws Exception {
        var today = Instant.now();
        // Two thirds of the life of an authority ago, and at the end of each certificate's.
        stage = new MetricsStage(
                server, today.minus(Issuer.AUTHORITY_LIFE.multipliedBy(2).dividedBy(3)));
        stage.registered("Served");
        for (var at = stage.now(); at.isBefore(today.minus(Duration.ofDays(300))); at = at.plus(Duration.ofDays(100))) {
            stage.now(at);
            stage.registration.look();
        }
        stage.now(today.minus(Duration.ofDays(250)));
        stage.registration.look();
        var late = stage.another();
        eventually("the other process serves", late::listening);
        var before = secret();
        assertThat(before.authorities()).hasSize(1);
        stage.serves();

        stage.now(today);
        stage.registration.look();

        var two = secret();
        assertThat(two.authorities()).hasSize(2).endsWith(before.newestAuthority());
        assertThat(two.certificate()).isEqualTo(before.certificate());
        assertThat(answersNewConnections()).isTrue();

        stage.registration.look();

        var after = secret();
        assertThat(after.authorities()).isEqualTo(two.authorities());
        assertThat(after.certificate().getIssuerX500Principal())
                .isEqualTo(after.newestAuthority().getSubjectX500Principal());
        for (var process : new MetricsApi[] {stage.api, late}) {
            eventually(
                    "the new certificate is shown",
                    () -> new Direct(stage, process).certificate().equals(after.certificate()));
            stage.routeTo(process);
            assertThat(answersNewConnections()).isTrue();
        }
    }

    @Test
    void itStepsAsideForAnotherAdapterAndComesBack() throws Exception {
        stage = new MetricsStage(server);
        stage.adapter("v1beta1", "prometheus-adapter");

        var standing = stage.registered("OwnedByOther");

        assertThat(standing.served()).isFalse();
        assertThat(standing.message()).contains("Service monitoring/prometheus-adapter");
        assertThat(server.client()
                        .apiServices()
                        .withName("v1beta2.custom.metrics.k8s.io")
                        .get())
                .isNull();
        server.client().apiServices().withName("v1beta1.custom.metrics.k8s.io").delete();
        stage.serves();
        assertThat(stage.registration.standing().served()).isTrue();
    }

    @Test
    void whatAnotherAdapterTakesOverBecomesItsOwn() throws Exception {
        stage = new MetricsStage(server);
        stage.serves();
        var name = "v1beta1.custom.metrics.k8s.io";
        assertThat(server.client()
                        .apiServices()
                        .withName(name)
                        .get()
                        .getMetadata()
                        .getOwnerReferences())
                .hasSize(1);

        stage.adapter("v1beta1", "prometheus-adapter");
        stage.registered("OwnedByOther");

        var taken = server.client().apiServices().withName(name).get();
        assertThat(taken.getMetadata().getOwnerReferences()).isEmpty();
        assertThat(taken.getMetadata().getLabels()).doesNotContainKey("app.kubernetes.io/managed-by");
        assertThat(taken.getSpec().getService().getName()).isEqualTo("prometheus-adapter");
        assertThat(server.client()
                        .apiServices()
                        .withName("v1beta2.custom.metrics.k8s.io")
                        .get())
                .isNull();
    }

    @Test
    void whatSomebodyChangesIsChangedBackAndSwitchedOffItGoes() throws Exception {
        stage = new MetricsStage(server);
        stage.serves();
        var apiServices = server.client().apiServices();
        apiServices.withName("v1beta2.custom.metrics.k8s.io").delete();
        written("APIService", () -> {
            var service = apiServices.withName("v1beta1.custom.metrics.k8s.io").get();
            service.getSpec().setCaBundle(null);
            service.getSpec().setInsecureSkipTLSVerify(true);
            server.client().resource(service).update();
        });

        stage.serves();

        var restored = apiServices.withName("v1beta1.custom.metrics.k8s.io").get();
        assertThat(restored.getSpec().getCaBundle()).isNotBlank();
        assertThat(restored.getSpec().getInsecureSkipTLSVerify()).isNotEqualTo(true);
        var off = new Registration(
                server.client(), new MetricsApiSettings("", stage.namespace, 0), stage.api, stage.clock());
        off.look();
        assertThat(off.standing()).isEqualTo(Standing.OFF);
        assertThat(apiServices.list().getItems())
                .noneMatch(service -> service.getMetadata().getName().endsWith("custom.metrics.k8s.io"));
    }

    @Test
    void whoEndsLastTakesTheRegistrationAwayAndWhoComesNextMakesItAgain(@TempDir Path folder) throws Exception {
        stage = new MetricsStage(server);
        stage.serves();

        stage.routeToPods(List.of("operator-a", "operator-b"), List.of());
        stage.registration.withdraw("operator-a");
        assertThat(registered()).hasSize(2);

        // scaled to 0: both end at once
        stage.routeToPods(List.of(), List.of("operator-a", "operator-b"));
        stage.registration.withdraw("operator-b");
        assertThat(registered()).isEmpty();
        eventually(
                "discovery without complaint",
                () -> server.kubectl(folder, "api-resources")
                        .lines()
                        .noneMatch(line -> line.contains("custom.metrics")));
        stage.registration.withdraw("operator-a");

        stage.serves();
        assertThat(registered()).hasSize(2);
    }

    @Test
    void whatAnotherAdapterServesIsNotTakenAwayByWhoEnds() {
        stage = new MetricsStage(server);
        stage.adapter("v1beta1", "prometheus-adapter");

        stage.registration.withdraw("operator-a");

        assertThat(registered()).containsExactly("v1beta1.custom.metrics.k8s.io");
    }

    private List<String> registered() {
        return server.client().apiServices().list().getItems().stream()
                .map(service -> service.getMetadata().getName())
                .filter(name -> name.endsWith(".custom.metrics.k8s.io"))
                .toList();
    }

    /** Whoever connects now is answered; the API server, which keeps its connections, goes on getting answers. */
    private boolean answersNewConnections() {
        var status = new Direct(stage, stage.api)
                .status(
                        server.frontProxy().client(ApiServer.FRONT_PROXY),
                        MetricsStage.AUTOSCALER,
                        "/apis/custom.metrics.k8s.io/v1beta2");
        eventually(
                "an answer through the API server",
                () -> MetricsStage.get(server.client(), "/apis/custom.metrics.k8s.io/v1beta2") != null);
        return status == 200;
    }

    private Credentials secret() {
        return Credentials.read(server.client()
                        .secrets()
                        .inNamespace(stage.namespace)
                        .withName(stage.settings.name())
                        .get()
                        .getData())
                .orElseThrow();
    }
}
