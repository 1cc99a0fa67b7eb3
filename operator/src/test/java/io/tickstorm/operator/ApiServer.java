package io.tickstorm.operator;

import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A real API server with etcd and our definition, and without controllers, one for all tests of a JVM: what a test wants of Deployments and pods it plays itself.
 * Test classes name {@link Extension} and take the server as a parameter.
 */
public final class ApiServer implements AutoCloseable {
    private static final Path DEFINITION = Path.of("../k8s/crds/tickstormclusters.tickstorm.io.yaml");

    /** The name of the API server in the certificate that it shows to servers behind it. */
    public static final String FRONT_PROXY = "front-proxy-client";

    private final Pki frontProxy = new Pki("front-proxy-ca");
    private final KubeAPIServer server;
    private final KubernetesClient client;
    private final AtomicInteger namespaces = new AtomicInteger();

    private ApiServer() throws IOException {
        var programs = System.getenv("KUBE_API_TEST_DIR");
        if (programs == null) {
            throw new IllegalStateException(
                    "KUBE_API_TEST_DIR is not set (expected: a folder with etcd, kube-apiserver and kubectl,"
                            + " as 'setup-envtest use --bin-dir' makes it)");
        }
        var config = KubeAPIServerConfigBuilder.anAPIServerConfig()
                .withTestDir(programs)
                .withOfflineMode(true)
                .withUpdateKubeConfig(false)
                .withApiServerFlags(aggregation());
        var version = System.getenv("KUBE_API_TEST_API_SERVER_VERSION");
        if (version != null) {
            config.withApiServerVersion(version);
        }
        server = new KubeAPIServer(config.build()) {
            @Override
            public void processStopped(Process process) {
                // A test that kills the server needs its etcd still.
            }
        };
        server.start();
        client = newClient();
    }

    private void define() throws IOException {
        client.resource(Files.readString(DEFINITION)).create();
        awaitEstablished("tickstormclusters.tickstorm.io");
    }

    /** What the API server needs to pass requests on to servers behind it, and to prove to them that it is the one who asks. */
    private List<String> aggregation() throws IOException {
        var folder = Files.createTempDirectory("front-proxy");
        Files.writeString(folder.resolve("ca.crt"), frontProxy.authorityPem());
        frontProxy.client(FRONT_PROXY).writeTo(folder, "client");
        return List.of(
                "--requestheader-client-ca-file",
                folder.resolve("ca.crt").toString(),
                "--requestheader-allowed-names",
                FRONT_PROXY,
                "--requestheader-username-headers",
                "X-Remote-User",
                "--requestheader-group-headers",
                "X-Remote-Group",
                "--requestheader-extra-headers-prefix",
                "X-Remote-Extra-",
                "--proxy-client-cert-file",
                folder.resolve("client.crt").toString(),
                "--proxy-client-key-file",
                folder.resolve("client.key").toString(),
                // straight to the endpoints of Services, because nobody routes their addresses here
                "--enable-aggregator-routing=true");
    }

    /** The authority by which servers behind the API server know it. */
    public Pki frontProxy() {
        return frontProxy;
    }

    /** For kubectl. */
    public String kubeConfig() {
        return server.getKubeConfigYaml();
    }

    /** A server that has not heard of the product, to be closed by whoever asked for it. */
    public static ApiServer bare() {
        try {
            return new ApiServer();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A server of a test's own, to be closed by it. */
    public static ApiServer begin() {
        try {
            var begun = new ApiServer();
            try {
                begun.define();
                return begun;
            } catch (IOException | RuntimeException e) {
                begun.close();
                throw e;
            }
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + DEFINITION, e);
        }
    }

    /** Until the server serves what a definition defines. */
    public void awaitEstablished(String definition) {
        client.apiextensions()
                .v1()
                .customResourceDefinitions()
                .withName(definition)
                .waitUntilCondition(
                        crd -> crd != null
                                && crd.getStatus() != null
                                && crd.getStatus().getConditions() != null
                                && crd.getStatus().getConditions().stream()
                                        .anyMatch(
                                                condition -> condition.getType().equals("Established")
                                                        && condition.getStatus().equals("True")),
                        30,
                        TimeUnit.SECONDS);
    }

    public KubernetesClient client() {
        return client;
    }

    /**
     * What kubectl says of this server.
     *
     * @param folder where its configuration and what it remembers may be
     */
    public String kubectl(Path folder, String... words) {
        try {
            var configuration = Files.writeString(folder.resolve("kubeconfig"), kubeConfig());
            var always = Stream.of(
                    "--kubeconfig",
                    configuration.toString(),
                    "--cache-dir",
                    folder.resolve("cache").toString());
            return Kubectl.run(Stream.concat(always, Stream.of(words)).toArray(String[]::new))
                    .output();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A client of one's own, to be closed by whoever asked for it. */
    public KubernetesClient newClient() {
        return new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(server.getKubeConfigYaml()))
                .build();
    }

    /** A client with the rights of a ServiceAccount and no others, to be closed by whoever asked for it. */
    public KubernetesClient clientOf(String namespace, String serviceAccount) {
        var request = new TokenRequestBuilder().withNewSpec().endSpec().build();
        var token = client.serviceAccounts()
                .inNamespace(namespace)
                .withName(serviceAccount)
                .tokenRequest(request)
                .getStatus()
                .getToken();
        var config = new ConfigBuilder(Config.fromKubeconfig(server.getKubeConfigYaml()))
                .withClientCertData(null)
                .withClientKeyData(null)
                .withClientCertFile(null)
                .withClientKeyFile(null)
                .withOauthToken(token)
                .build();
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    /** The name of a namespace that nobody else uses. */
    public String newNamespace() {
        var name = "test-" + namespaces.incrementAndGet();
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .create();
        return name;
    }

    @Override
    public void close() {
        client.close();
        server.stop();
    }

    /** Starts the server with the first test that asks for it, and stops it with the last one. */
    public static final class Extension extends Shared<ApiServer> {
        public Extension() {
            super(ApiServer.class, ApiServer::begin);
        }
    }
}
