package io.tickstorm.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The cluster that the chart brings along ({@code cluster.create}), by a Job that runs as Jobs do. */
@ExtendWith(OnCluster.class)
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class FirstClusterE2E {
    private static final String SHOP = "tsc/shop";
    private static final String TAINT = "tickstorm.io/test";
    private static final String OWN = "tickstorm-own";

    private final Chart chart;
    private final Chart own;
    private final Command tools;

    FirstClusterE2E(Cluster cluster) {
        this.chart = new Chart(cluster);
        this.own = new Chart(cluster, OWN);
        this.tools = cluster.command();
    }

    @BeforeEach
    void nothing() {
        chart.purge();
    }

    /** With it go all clusters. */
    @AfterEach
    void close() {
        chart.purge();
        kubectl("delete", "namespace", OWN, "--ignore-not-found", "--timeout=180s");
    }

    @Test
    void followsTheValuesOfEachReleaseAndStaysWhenItGoes() {
        chart.installAtOnce("cluster.create=true", "cluster.name=shop", "cluster.spec.backend.replicas=2");
        kubectl("wait", "--for=condition=Ready", SHOP, "--timeout=180s");
        assertThat(replicas()).isEqualTo("2");
        assertThat(kubectl("get", "jobs,pods", "-l", "app.kubernetes.io/name=tickstorm-operator-cluster", "-o", "name"))
                .as("what has done its work is gone")
                .isBlank();

        chart.install("cluster.create=true", "cluster.name=shop", "cluster.spec.backend.replicas=3");
        assertThat(replicas()).isEqualTo("3");

        chart.rollback(1);
        assertThat(replicas()).isEqualTo("2");
        assertThat(chart.test()).contains("Succeeded");

        assertThatThrownBy(() -> chart.installAtOnce(
                        "cluster.create=true", "cluster.name=shop", "cluster.spec.backend.replicas=-1"))
                .hasMessageContaining("tickstorm-operator-cluster");
        assertThat(kubectl("logs", "job/tickstorm-operator-cluster")).contains("spec.backend.replicas");
        assertThat(replicas()).isEqualTo("2");

        chart.uninstall();
        assertThat(replicas()).isEqualTo("2");
    }

    @Test
    void comesToNodesThatTakeOnlyWhatToleratesThem() {
        kubectl("taint", "nodes", "--all", TAINT + "=only:NoSchedule");
        try {
            chart.install(
                    "cluster.create=true",
                    "cluster.name=shop",
                    "tolerations[0].key=" + TAINT,
                    "tolerations[0].operator=Exists");

            assertThat(replicas()).isEqualTo("3");
            assertThat(chart.test()).contains("Succeeded");
        } finally {
            kubectl("taint", "nodes", "--all", TAINT + "-");
        }
    }

    /** A release without rights beyond its namespace, beside another that has brought the definition. */
    @Test
    void goesWithAReleaseThatKeepsNothing() {
        chart.install("watchNamespaces={default}", "customMetrics.enabled=false");
        own.install(
                "watchNamespaces={" + OWN + "}",
                "crds.enabled=false",
                "crds.keep=false",
                "customMetrics.enabled=false",
                "rbac.aggregate=false",
                "cluster.create=true",
                "cluster.name=shop",
                "cluster.spec.backend.replicas=1");
        kubectl("wait", "--for=condition=Ready", SHOP, "--namespace", OWN, "--timeout=180s");

        own.uninstall();

        kubectl("wait", "--for=delete", SHOP, "--namespace", OWN, "--timeout=180s");
        kubectl("wait", "--for=delete", "pods", "--all", "--namespace", OWN, "--timeout=180s");
    }

    private String replicas() {
        return kubectl("get", SHOP, "-o", "jsonpath={.spec.backend.replicas}");
    }

    private String kubectl(String... words) {
        return tools.run(new String[] {"kubectl", "--namespace", Chart.NAMESPACE}, words);
    }
}
