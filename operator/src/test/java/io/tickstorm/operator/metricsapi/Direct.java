package io.tickstorm.operator.metricsapi;

import io.tickstorm.operator.Pki.Identity;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.util.Base64;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Somebody who asks a process of the operator without the API server in between, as one that trusts what the APIService says. */
final class Direct {
    private final MetricsStage stage;
    private final MetricsApi process;

    Direct(MetricsStage stage, MetricsApi process) {
        this.stage = stage;
        this.process = process;
    }

    /** The status that a caller gets who says that this user asks. */
    int status(Identity identity, String user, String path) {
        return with(identity, user, path, "application/json", HttpClientResponse::statusCode);
    }

    /** Content type and body. */
    String answer(Identity identity, String user, String path, String accept) {
        return with(
                identity,
                user,
                path,
                accept,
                response -> response.getHeader("Content-Type") + " "
                        + response.body().await().toString());
    }

    /** What a new connection is shown. */
    X509Certificate certificate() {
        return with(null, "", "/", "*/*", response -> {
            try {
                return (X509Certificate)
                        response.request().connection().sslSession().getPeerCertificates()[0];
            } catch (SSLPeerUnverifiedException e) {
                throw new AssertionError(e);
            }
        });
    }

    private <T> T with(
            Identity identity,
            String user,
            String path,
            String accept,
            java.util.function.Function<HttpClientResponse, T> result) {
        var options = new HttpClientOptions()
                .setSsl(true)
                .setVerifyHost(true)
                .setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(bundle())));
        if (identity != null) {
            options.setKeyCertOptions(new PemKeyCertOptions()
                    .addCertValue(Buffer.buffer(identity.certificatePem()))
                    .addKeyValue(Buffer.buffer(identity.keyPem())));
        }
        var request = new RequestOptions()
                .setServer(SocketAddress.inetSocketAddress(process.port(), "127.0.0.1"))
                .setHost(stage.settings.host())
                .setPort(process.port())
                .setSsl(true)
                .setMethod(HttpMethod.GET)
                .setURI(path)
                .putHeader("Accept", accept)
                .putHeader("X-Remote-User", user)
                .putHeader("X-Remote-Group", "system:authenticated");
        var client = stage.vertx.createHttpClient(options);
        try {
            return result.apply(client.request(request)
                    .compose(sent ->
                            sent.send().compose(response -> response.body().map(body -> response)))
                    .await());
        } finally {
            client.close().await();
        }
    }

    private byte[] bundle() {
        return Base64.getDecoder()
                .decode(stage.client
                        .apiServices()
                        .withName("v1beta2.custom.metrics.k8s.io")
                        .get()
                        .getSpec()
                        .getCaBundle());
    }
}
