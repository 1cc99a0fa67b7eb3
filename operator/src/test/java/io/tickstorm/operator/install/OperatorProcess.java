package io.tickstorm.operator.install;

import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.Config;
import io.tickstorm.operator.ApiServer;
import io.tickstorm.operator.Main;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The operator's image at work, but for the image: its program in a process of its own, with the rights of a ServiceAccount and no others. */
final class OperatorProcess implements AutoCloseable {
    /** What a process said before it ended by itself. */
    record Ended(int code, String output) {}

    private final Process process;
    private final Path kubeConfig;

    private OperatorProcess(Process process, Path kubeConfig) {
        this.process = process;
        this.kubeConfig = kubeConfig;
    }

    /** Begins a process, which runs until it is closed. */
    static OperatorProcess start(String kubeConfig, Map<String, String> environment, String... arguments)
            throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        var file = Files.writeString(Files.createTempFile("account-", ".yaml"), kubeConfig);
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        builder.environment().put("KUBECONFIG", file.toString());
        return new OperatorProcess(builder.start(), file);
    }

    /** Runs a process to its end. */
    static Ended run(String kubeConfig, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        try (var running = start(kubeConfig, environment, arguments)) {
            var output = new String(running.process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Ended(running.process.waitFor(), output);
        }
    }

    /** How a ServiceAccount reaches the API server. */
    static String kubeConfig(ApiServer server, String namespace, String account) {
        var token = server.client()
                .serviceAccounts()
                .inNamespace(namespace)
                .withName(account)
                .tokenRequest(new TokenRequestBuilder().withNewSpec().endSpec().build())
                .getStatus()
                .getToken();
        var config = Config.fromKubeconfig(server.kubeConfig());
        return """
                apiVersion: v1
                kind: Config
                clusters:
                  - name: here
                    cluster: {server: "%s", certificate-authority: "%s"}
                users:
                  - name: account
                    user: {token: "%s"}
                contexts:
                  - name: here
                    context: {cluster: here, user: account, namespace: %s}
                current-context: here
                """.formatted(config.getMasterUrl(), config.getCaCertFile(), token, namespace);
    }

    boolean alive() {
        return process.isAlive();
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        Files.delete(kubeConfig);
    }
}
