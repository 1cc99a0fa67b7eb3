package io.tickstorm.operator.reconcile;

import static io.tickstorm.operator.reconcile.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.tickstorm.operator.ApiServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Secrets that a cluster names, on a real API server: what is missing is told, and what changes is brought to the proxies. */
@ExtendWith(ApiServer.Extension.class)
class SecretsIT {
    /** What a watch and a pass take, on a machine with more to do. */
    private static final Duration AT_ONCE = Duration.ofSeconds(5);

    private final Stage stage;

    SecretsIT(ApiServer server) {
        stage = new Stage(server);
    }

    @AfterEach
    void end() {
        stage.close();
    }

    @Test
    void aSecretThatIsMissingIsToldUntilItIsThereAndWhenItGoes() {
        secure();

        told(
                "SecretMissing",
                "Secret shop-tls is not there",
                "kubectl create secret tls shop-tls -n " + stage.namespace);
        secret("shop-tls", "tls.crt", "one");
        told("SecretMissing", "Secret people-ca is not there", "shop-tls has no tls.key", "it has: tls.crt");
        secret("people-ca", "ca.crt", "one");
        told("SecretIncomplete", "shop-tls has no tls.key");
        secret("shop-tls", "tls.key", "one");
        nothingIsWrong();
        stage.client
                .secrets()
                .inNamespace(stage.namespace)
                .withName("people-ca")
                .delete();

        told("SecretMissing", "Secret people-ca is not there", "--from-file=ca.crt=FILE");
        eventually(
                "event",
                () -> stage.client.v1().events().inNamespace(stage.namespace).list().getItems().stream()
                        .filter(event -> "SecretMissing".equals(event.getReason()))
                        .toList(),
                events -> events.stream().anyMatch(event -> event.getMessage().contains("Secret people-ca")));
    }

    @Test
    void theProxiesAreToldOfNewContentWhichNobodyCanReadFromWhatTheyAreTold() {
        secret("shop-tls", "tls.crt", "one");
        secret("shop-tls", "tls.key", "one");
        secret("people-ca", "ca.crt", "one");
        secure();
        stage.sees(ConfigMap.class, "demo-proxy");
        stage.proxyServes("demo", 1);
        var before = annotation("");

        secret("shop-tls", "tls.crt", "two");

        assertThat(annotation(before)).matches("[0-9a-f]{16}(\\.2)?");
        nothingIsWrong();
    }

    @Test
    void whatTheClusterNamesNoMoreIsWatchedNoMore() {
        secure();
        told("SecretMissing", "shop-tls");

        stage.user("demo", stage.spec(""));

        nothingIsWrong();
    }

    private void secure() {
        stage.user(
                "demo",
                "{loadBalancer: {listeners: [{name: https, port: 8443, nodePort: %d, backend: http, tls: {certificates: [{secret: shop-tls}], clientAuthentication: REQUIRED, clientCaSecret: {name: people-ca}}}]}}"
                        .formatted(stage.nodePort(0)));
    }

    /** Adds a key, as kubectl patch would. */
    private void secret(String name, String key, String content) {
        var secrets = stage.client.secrets().inNamespace(stage.namespace).withName(name);
        var there = secrets.get();
        var data = new HashMap<>(there == null ? Map.<String, String>of() : there.getData());
        data.put(key, Base64.getEncoder().encodeToString(content.getBytes(StandardCharsets.UTF_8)));
        stage.client
                .resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(stage.namespace)
                        .endMetadata()
                        .withData(data)
                        .build())
                .fieldManager("kubectl")
                .serverSideApply();
    }

    /** Waits for the cluster to be degraded for this reason, with these words. */
    private void told(String reason, String... words) {
        eventually(
                reason + " " + List.of(words),
                AT_ONCE,
                () -> stage.condition("demo", "Degraded"),
                condition -> reason.equals(condition.get("reason"))
                        && Stream.of(words).allMatch(String.valueOf(condition.get("message"))::contains));
    }

    private void nothingIsWrong() {
        eventually(
                "nothing wrong",
                AT_ONCE,
                () -> stage.condition("demo", "Degraded"),
                condition -> List.of("False", "AsExpected")
                        .equals(List.of(condition.get("status"), condition.get("reason"))));
    }

    /** What the pod is told, once that is something else than before and has not been told twice yet. */
    private String annotation(String before) {
        return eventually(
                "annotation other than " + before,
                () -> stage.sees(Pod.class, "demo-proxy-1")
                        .getMetadata()
                        .getAnnotations()
                        .getOrDefault(SecretPropagation.ANNOTATION, ""),
                value -> !value.isEmpty() && !value.replace(".2", "").equals(before.replace(".2", "")));
    }
}
