package io.tickstorm.cli.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CleanerTest {
    private static final String PLANTED = "Hunter2-planted";

    private final Cleaner cleaner = new Cleaner();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'env': [{'name': 'GREETING', 'value': 'Hunter2-planted'}]}",
                "{'password': 'Hunter2-planted'}",
                "{'dbPassword': 'Hunter2-planted'}",
                "{'admin': {'token': 'Hunter2-planted'}}",
                "{'headers': [{'name': 'X-Key', 'value': 'Hunter2-planted'}]}",
                "{'headers': {'Authorization': 'Basic Hunter2-planted'}}",
                "{'args': ['--verbose', '--db-password', 'Hunter2-planted']}",
                "{'args': ['--db-password=Hunter2-planted']}",
                "{'healthCheck': {'send': 'AUTH Hunter2-planted'}}",
                "{'kind': 'Secret', 'stringData': {'any': 'Hunter2-planted'}}",
                "{'data': {'rollout.json': '{\\'env\\': [{\\'name\\': \\'A\\', \\'value\\': \\'Hunter2-planted\\'}]}'}}",
                "{'data': {'proxy.yaml': 'tls: {password: Hunter2-planted}'}}",
                "{'metadata': {'annotations': {'kubectl.kubernetes.io/last-applied-configuration': 'Hunter2-planted'}}}",
                "{'url': 'https://admin:Hunter2-planted@db.example.com/x'}",
            })
    void takesSecretsOutOfObjectsWhereverTheyAre(String json) {
        assertThat(object(json)).doesNotContain("Hunter2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authorization: Bearer Hunter2-planted",
                "\"cookie\": \"sid=Hunter2-planted; theme=dark\"",
                "connecting with password=Hunter2-planted to db",
                "DB_PASSWORD: 'Hunter2-planted'",
                "GET /login?token=Hunter2-planted&x=1",
                "{\"path\":\"/search?q=Hunter2-planted\"}",
                "postgres://shop:Hunter2-planted@db:5432/shop",
                "mysql --password Hunter2-planted -h db",
                "-----BEGIN RSA PRIVATE KEY-----\nHunter2-planted\n-----END RSA PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----\\nHunter2-planted\\n-----END PRIVATE KEY-----",
                "saw eyJhbGciOiJIUzI1NiJ9.eyJIdW50ZXIyLXBsYW50ZWQi.Hunter2-planted today",
            })
    void takesWhatLooksLikeASecretOutOfTexts(String text) {
        assertThat(cleaner.text(text)).doesNotContain("Hunter2").contains(Cleaner.REMOVED);
    }

    @Test
    void aSecretThatAnObjectTaughtIsFoundInEveryTextInWhateverForm() {
        var raw = "a+b \"c\" " + PLANTED;
        cleaner.tree(Map.of("env", List.of(Map.of("name", "KEY", "value", raw))));

        for (var form : new String[] {
            raw,
            "a+b \\\"c\\\" " + PLANTED,
            "a%2Bb+%22c%22+" + PLANTED,
            Base64.getEncoder().encodeToString(raw.getBytes(StandardCharsets.UTF_8))
        }) {
            assertThat(cleaner.text("before " + form + " after")).isEqualTo("before [removed] after");
        }
    }

    @Test
    void whereSecretsAreAndWhatIsNoSecretStays() {
        var json =
                "{'tls': {'secretName': 'web-tls', 'tokenFile': '/run/token'}, 'admin': {'tokenSecret': {'name': 'proxy-admin', 'key': 'token'}},"
                        + "'env': [{'name': 'PASSWORD', 'valueFrom': {'secretKeyRef': {'name': 'shop', 'key': 'password'}}}],"
                        + "'replicas': 3, 'image': 'shop:1.4.2'}";

        assertThat(new JsonObject(object(json))).isEqualTo(new JsonObject(json.replace('\'', '"')));
        assertThat(cleaner.text("web-0 (10.0.0.1:8080) gets no new work. FAILED_CHECK for 9s: status 503"))
                .isEqualTo("web-0 (10.0.0.1:8080) gets no new work. FAILED_CHECK for 9s: status 503");
    }

    @Test
    void aVariableThatNamesAnImageDoesNotTakeThatImageOutOfEverything() {
        object(
                "{'env': [{'name': 'PROXY_IMAGE', 'value': 'tickstorm/proxy:1'}, {'name': 'TOKEN_NAME', 'value': 'abcdef-ghi'}]}");

        assertThat(cleaner.text("pulled tickstorm/proxy:1")).isEqualTo("pulled tickstorm/proxy:1");
    }

    /** As a bundle does it. */
    private String object(String json) {
        Map<String, Object> clean = cleaner.tree(new JsonObject(json.replace('\'', '"')).getMap());
        return new JsonObject(cleaner.texts(clean)).encode();
    }
}
