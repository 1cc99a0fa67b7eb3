package io.tickstorm.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A certificate that is renewed, as a real kubelet brings it to proxies that run. */
@ExtendWith(OnCluster.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class SecretsE2E {
    private static final String SECRET = "demo-tls";
    private static final String HOST = "shop.example.com";

    /** As many connections as reach both proxies but for one chance in a million. */
    private static final int CONNECTIONS = 21;

    private final Cluster cluster;
    private final Demo demo;

    SecretsE2E(Cluster cluster) {
        this.cluster = cluster;
        this.demo = new Demo(cluster);
    }

    @BeforeAll
    void install() {
        new Chart(cluster).install("rbac.secrets={" + SECRET + "}");
    }

    @AfterAll
    void close() {
        demo.close();
        demo.kubectl("delete", "secret", SECRET, "--ignore-not-found");
    }

    @Test
    void theSameProxiesServeTheOneThatIsRenewed() throws Exception {
        var first = Certificate.of(HOST);
        given(first);
        demo.apply("""
                apiVersion: tickstorm.io/v1alpha1
                kind: TickStormCluster
                metadata: {name: demo}
                spec:
                  loadBalancer:
                    listeners:
                      - name: https
                        port: 443
                        nodePort: %d
                        backend: http
                        tls: {certificates: [{secret: %s}]}
                """.formatted(NodePorts.HTTP, SECRET));
        demo.awaitReady();
        var second = Certificate.of(HOST);
        var both = trusting(first.parsed(), second.parsed());
        assertThat(served(both)).containsOnly(first.parsed());
        var before = identities();

        given(second);

        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
        var seen = served(both);
        while (seen.contains(first.parsed()) && System.nanoTime() < end) {
            seen = served(both);
        }
        assertThat(seen).containsOnly(second.parsed());
        assertThat(identities()).isEqualTo(before);
    }

    private void given(Certificate certificate) {
        cluster.client()
                .resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName(SECRET)
                        .withNamespace("default")
                        .endMetadata()
                        .withType("kubernetes.io/tls")
                        .withStringData(Map.of("tls.key", certificate.key(), "tls.crt", certificate.chain()))
                        .build())
                .serverSideApply();
    }

    /** The proxies' pods, and how often their processes were started. */
    private List<String> identities() {
        return demo.pods(Demo.PROXY).stream().map(SecretsE2E::identity).sorted().toList();
    }

    private static String identity(Pod pod) {
        return pod.getMetadata().getUid() + " "
                + pod.getStatus().getContainerStatuses().getFirst().getRestartCount();
    }

    /** The certificates that the proxies serve, a connection each. */
    private List<java.security.cert.Certificate> served(SSLContext trusting) throws Exception {
        var address = cluster.address(NodePorts.HTTP).split(":");
        var served = new ArrayList<java.security.cert.Certificate>();
        for (int connection = 0; connection < CONNECTIONS; connection++) {
            try (var socket =
                    (SSLSocket) trusting.getSocketFactory().createSocket(address[0], Integer.parseInt(address[1]))) {
                socket.startHandshake();
                served.add(socket.getSession().getPeerCertificates()[0]);
            }
        }
        return served;
    }

    /** Handshakes fail with whoever shows something else than these. */
    private static SSLContext trusting(X509Certificate... certificates) throws Exception {
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        for (var certificate : certificates) {
            store.setCertificateEntry(certificate.getSerialNumber().toString(), certificate);
        }
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        var context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
