package io.tickstorm.cli.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.tickstorm.cli.Launcher;
import io.tickstorm.operator.ApiServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A real API server without a kubelet: resources, pods and rights are real, no port can be forwarded and no log read. */
@Timeout(180)
@ExtendWith(ApiServer.Extension.class)
class KubeCommandsIT {
    private final Path folder;
    private final Shop shop;
    private final Launcher launcher = new Launcher();

    KubeCommandsIT(ApiServer server, @TempDir Path folder) {
        this.folder = folder;
        this.shop = new Shop(server, folder);
    }

    @Test
    void statusReadsWhatItMayAndSaysOfAPortThatCannotBeForwardedWhy() throws Exception {
        var config = shop.account("look", "tickstorm-look");

        assertThat(launcher.run("status", "shop", "--kubeconfig", config, "-n", shop.namespace))
                .as(launcher.complained())
                .isEqualTo(3);

        assertThat(launcher.said())
                .contains(
                        "shop  (context test, namespace " + shop.namespace + ")",
                        "resource: not Ready (ImagePullFailed): see the image",
                        "proxies: 0 of 1 answer",
                        "shop-proxy-1, ready, does not answer: ",
                        "the API server cannot forward its port: status 400 (expected: a pod that runs, on a node whose kubelet answers)",
                        "shop-backend-1, ImagePullBackOff",
                        "! shop-backend-1: ImagePullBackOff: no such image");
    }

    @Test
    void everyCommandThatLooksNeedsNoMoreThanTheRoleSays() throws Exception {
        var config = shop.account("all", "tickstorm-look");

        assertThat(launcher.run("top", "--kubeconfig", config, "-n", shop.namespace, "--every", "10ms"))
                .as(launcher.complained())
                .isZero();
        assertThat(launcher.said()).contains("not counted, for no answer: shop-proxy-1");
        assertThat(launcher.run("rollout", "status", "--kubeconfig", config, "-n", shop.namespace))
                .isZero();
        assertThat(launcher.run("why", "shop-proxy-1", "--kubeconfig", config, "-n", shop.namespace))
                .isZero();
        assertThat(launcher.said()).contains("shop-proxy-1: does not answer");
        assertThat(launcher.run("why", "shop-backend-1", "--kubeconfig", config, "-n", shop.namespace))
                .isEqualTo(3);
        assertThat(launcher.said())
                .contains(
                        "shop-backend-1 gets no new work: no proxy that answers knows of it.",
                        "ImagePullBackOff: no such image",
                        "Not asked: shop-proxy-1: ");
        var file = folder.resolve("bundle.tar.gz").toString();
        assertThat(launcher.run("bundle", "--kubeconfig", config, "-n", shop.namespace, "--file", file, "-o", "json"))
                .isEqualTo(3);
        var missing = new JsonObject(launcher.said()).getJsonObject("missing").getMap();
        // A role cannot give a kubelet, and the operator's namespace is another one.
        assertThat(missing.keySet())
                .allMatch(
                        name -> name.startsWith("operator/") || name.contains("/proxies/") || name.contains("/logs/"));
        assertThat(missing.entrySet())
                .filteredOn(entry -> !entry.getKey().startsWith("operator/"))
                .noneMatch(entry -> String.valueOf(entry.getValue()).contains("not allowed"));
    }

    @Test
    void withoutARightTheAnswerNamesIt() throws Exception {
        var config = shop.account("nobody", "");

        assertThat(launcher.run("status", "--kubeconfig", config, "-n", shop.namespace))
                .isEqualTo(1);

        assertThat(launcher.complained())
                .startsWith("tickstorm: not allowed: tickstormclusters.tickstorm.io is forbidden: User")
                .contains("cannot list resource \"tickstormclusters\"");
    }

    @Test
    void whoMayNotForwardPortsIsToldWhichRightIsMissing() throws Exception {
        shop.client
                .resource(new RoleBuilder()
                        .withNewMetadata()
                        .withName("no-ports")
                        .endMetadata()
                        .addNewRule()
                        .withApiGroups("", "tickstorm.io")
                        .withResources("pods", "tickstormclusters")
                        .withVerbs("get", "list")
                        .endRule()
                        .build())
                .inNamespace(shop.namespace)
                .create();
        var config = shop.account("no-ports", "no-ports");

        assertThat(launcher.run("status", "--kubeconfig", config, "-n", shop.namespace))
                .isEqualTo(3);

        assertThat(launcher.said())
                .contains(
                        "shop-proxy-1: does not answer: not allowed to forward its port (expected: get and create of pods/portforward)");
    }

    @Test
    void theTokenIsReadFromTheSecretByThoseWhoMay() throws Exception {
        var config = shop.account("look2", "tickstorm-look");
        var all = new KubeWish(Path.of(shop.admin()), null, shop.namespace);
        var look = new KubeWish(Path.of(config), null, shop.namespace);

        try (var place = KubePlace.of(all, Duration.ofSeconds(10))) {
            assertThat(place.token(place.sites("shop").getFirst())).isEqualTo("the-admin-token");
        }
        try (var place = KubePlace.of(look, Duration.ofSeconds(10))) {
            var site = place.sites("shop").getFirst();
            assertThatThrownBy(() -> place.token(site))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("secrets \"proxy-admin\" is forbidden")
                    .hasMessageContaining(
                            "(expected: TICKSTORM_ADMIN_TOKEN, --token-file, or the right to get Secret proxy-admin)");
        }
    }

    @Test
    void whoActsNeedsTheSecondRoleToo() throws Exception {
        var look = shop.account("look3", "tickstorm-look");
        var act = shop.account("act", "tickstorm-look", "tickstorm-act");
        shop.rollout(Map.of(
                "strategy",
                "BlueGreen",
                "phase",
                "Waiting",
                "revision",
                "r00000002",
                "stableRevision",
                "r00000001",
                "weight",
                0,
                "stableWeight",
                100,
                "message",
                "waits"));

        assertThat(launcher.run("rollout", "promote", "shop", "--kubeconfig", look, "-n", shop.namespace))
                .isEqualTo(1);
        assertThat(launcher.complained()).contains("cannot patch resource \"tickstormclusters\"");
        assertThat(launcher.run("rollout", "promote", "shop", "--kubeconfig", act, "-n", shop.namespace))
                .as(launcher.complained())
                .isZero();
        assertThat(shop.cluster().<String>get("spec", "backend", "rollout", "promote"))
                .isEqualTo("r00000002");

        assertThat(launcher.run("rollout", "abort", "--kubeconfig", act, "-n", shop.namespace))
                .as(launcher.complained())
                .isZero();
        assertThat(shop.cluster().<String>get("spec", "backend", "rollout", "abort"))
                .isEqualTo("r00000002");
        assertThat(shop.cluster().<Object>get("spec", "backend", "rollout", "promote"))
                .isNull();
    }

    @Test
    void theBundleHasNoSecretOfTheCluster() throws Exception {
        shop.client
                .resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName("other")
                        .addToLabels("tickstorm.io/cluster", "shop")
                        .endMetadata()
                        .withStringData(Map.of("any", Shop.PLANTED + "-in-a-secret"))
                        .build())
                .inNamespace(shop.namespace)
                .create();
        var file = folder.resolve("b.tar.gz").toString();

        assertThat(launcher.run("bundle", "--kubeconfig", shop.admin(), "-n", shop.namespace, "--file", file))
                .isEqualTo(3);

        var content = new String(
                new ProcessBuilder("tar", "-xzOf", file)
                        .start()
                        .getInputStream()
                        .readAllBytes(),
                StandardCharsets.UTF_8);
        assertThat(content)
                .contains("\"shop-backend-1\"", "ImagePullBackOff", "\"DB_PASSWORD\"", "gitVersion", "\"proxy-admin\"")
                .doesNotContain("Hunter2", "the-admin-token", "dGhlLWFkbWluLXRva2Vu", "SHVudGVyMi");
    }

    @Test
    void aClusterThatIsNotThereAndAnApiServerThatIsNotThereAreTold() throws Exception {
        assertThat(launcher.run("status", "shoop", "--kubeconfig", shop.admin(), "-n", shop.namespace))
                .isEqualTo(1);
        assertThat(launcher.complained())
                .isEqualTo("tickstorm: cluster: shoop (expected: one of shop in namespace " + shop.namespace + ")\n");

        var nowhere = shop.write("nowhere", new JsonObject().put("server", "http://127.0.0.1:9"), new JsonObject());
        assertThat(launcher.run("status", "--kubeconfig", nowhere, "--timeout", "3s"))
                .isEqualTo(1);
        assertThat(launcher.complained()).contains("the API server cannot be reached");
    }
}
