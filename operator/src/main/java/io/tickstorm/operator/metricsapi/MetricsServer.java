package io.tickstorm.operator.metricsapi;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.core.net.TrustOptions;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTPS server: who asks, whether they may, and what they are told. Thread-safe. */
final class MetricsServer {
    private static final Logger log = LoggerFactory.getLogger(MetricsServer.class);

    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int TOO_MANY = 429;
    private static final int UNAVAILABLE = 503;

    /** Autoscalers ask one after the other, some dozens at a time; each of the rest is told to come back. */
    private static final int MOST_AT_ONCE = 256;
    /** Longer than an API server keeps an idle connection, in seconds. */
    private static final int IDLE = 180;
    /** What is known of a caller, and a selector, may be long. */
    private static final int LONGEST_LINE = 16 << 10;

    private static final int LONGEST_FIELDS = 64 << 10;

    private final Vertx vertx;
    private final AccessReviews reviews;
    private final Connections connections;
    private final RequestMeters meters;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("metrics-api-", 0).factory());
    private final Semaphore room = new Semaphore(MOST_AT_ONCE);

    private volatile FrontProxy front;

    private MetricsServer(
            Vertx vertx,
            int port,
            Credentials credentials,
            FrontProxy front,
            AccessReviews reviews,
            Connections connections,
            RequestMeters meters) {
        this.vertx = vertx;
        this.meters = meters;
        this.front = front;
        this.reviews = reviews;
        this.connections = connections;
        var options = new HttpServerOptions()
                .setPort(port)
                .setIdleTimeout(IDLE)
                .setMaxInitialLineLength(LONGEST_LINE)
                .setMaxHeaderSize(LONGEST_FIELDS)
                .setSsl(true)
                .setUseAlpn(true)
                .setClientAuth(ClientAuth.REQUEST)
                .setKeyCertOptions(keyCertificate(credentials))
                .setTrustOptions(TrustOptions.wrap(new AnyCertificate()));
        server = vertx.createHttpServer(options).requestHandler(this::take);
    }

    /** Listens on all addresses; fails if the port cannot be bound. */
    static Future<MetricsServer> start(
            Vertx vertx,
            int port,
            Credentials credentials,
            FrontProxy front,
            AccessReviews reviews,
            Connections connections,
            RequestMeters meters) {
        var started = new MetricsServer(vertx, port, credentials, front, reviews, connections, meters);
        return started.server.listen().map(listening -> started);
    }

    /** The bound port, 1..65535. */
    int port() {
        return server.actualPort();
    }

    /** From now on new connections see this certificate. */
    Future<Boolean> use(Credentials credentials) {
        var options = new ServerSSLOptions()
                .setClientAuth(ClientAuth.REQUEST)
                .setUseAlpn(true)
                .setApplicationLayerProtocols(List.of("h2", "http/1.1"))
                .setKeyCertOptions(keyCertificate(credentials))
                .setTrustOptions(TrustOptions.wrap(new AnyCertificate()));
        return server.updateSSLOptions(options, true);
    }

    /** From the next request on, on connections that are open as well. */
    void trust(FrontProxy changed) {
        front = changed;
    }

    Future<Void> close() {
        return server.close().onComplete(closed -> threads.shutdownNow());
    }

    private void take(HttpServerRequest request) {
        var begun = System.nanoTime();
        if (!room.tryAcquire()) {
            send(
                    request,
                    begun,
                    Reply.failure(TOO_MANY, "TooManyRequests", "more than " + MOST_AT_ONCE + " requests at once"));
            return;
        }
        var context = vertx.getOrCreateContext();
        var chain = chain(request);
        try {
            threads.execute(() -> {
                try {
                    var reply = reply(request, chain);
                    context.runOnContext(ignored -> send(request, begun, reply));
                } finally {
                    room.release();
                }
            });
        } catch (RuntimeException e) {
            // The server is being closed.
            room.release();
            request.connection().close();
        }
    }

    private Reply reply(HttpServerRequest request, @Nullable List<X509Certificate> chain) {
        try {
            return reply(
                    request.method(),
                    requireNonNullElse(request.path(), ""),
                    request.params(),
                    request.headers(),
                    chain);
        } catch (KubernetesClientException e) {
            log.warn("{}: cannot be judged: {}", request.path(), e.getMessage());
            return Reply.failure(
                    UNAVAILABLE,
                    "ServiceUnavailable",
                    "the API server does not say who may read this: " + e.getMessage());
        } catch (RuntimeException e) {
            log.error("{} failed", request.path(), e);
            return Reply.failure(UNAVAILABLE, "ServiceUnavailable", "failed: " + e);
        }
    }

    private Reply reply(
            HttpMethod method,
            String path,
            MultiMap parameters,
            MultiMap fields,
            @Nullable List<X509Certificate> chain) {
        var caller = front.caller(chain, fields);
        if (caller.isEmpty()) {
            return Reply.failure(
                    UNAUTHORIZED,
                    "Unauthorized",
                    "only the API server is answered, by its certificate of --proxy-client-cert-file; ask through it: kubectl get --raw");
        }
        var question = Question.of(path);
        // The API server asks for the documentation in a name that in some clusters may read nothing; it is no secret.
        if (!question.documents() && !reviews.permits(caller.get(), question, path)) {
            return Reply.failure(FORBIDDEN, "Forbidden", caller.get().user() + " may not get " + path);
        }
        if (method != HttpMethod.GET && method != HttpMethod.HEAD) {
            return Reply.failure(METHOD_NOT_ALLOWED, "MethodNotAllowed", method + " (expected: GET)");
        }
        return switch (question) {
            case Question.Group group -> Reply.group();
            case Question.Resources resources -> Reply.resources(resources.version());
            case Question.Documentation documentation -> Reply.documentation();
            case Question.Descriptions descriptions -> Reply.descriptions();
            case Question.Description description -> Reply.description(description.version());
            case Question.Metric metric ->
                connections.reply(
                        metric, parameter(parameters, "labelSelector"), parameter(parameters, "metricLabelSelector"));
            case Question.Nothing nothing -> Reply.failure(NOT_FOUND, "NotFound", path + " is not here");
        };
    }

    private static String parameter(MultiMap parameters, String name) {
        var value = parameters.get(name);
        return value == null ? "" : value;
    }

    private void send(HttpServerRequest request, long begun, Reply reply) {
        meters.answered(
                request.method(),
                Question.of(requireNonNullElse(request.path(), "")),
                reply.status(),
                System.nanoTime() - begun);
        if (request.response().closed()) {
            return;
        }
        request.response()
                .setStatusCode(reply.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .end(reply.body().toBuffer());
    }

    private static @Nullable List<X509Certificate> chain(HttpServerRequest request) {
        try {
            var session = request.connection().sslSession();
            return session == null ? null : certificates(session.getPeerCertificates());
        } catch (SSLPeerUnverifiedException e) {
            // It showed none.
            return null;
        }
    }

    private static List<X509Certificate> certificates(Certificate[] chain) {
        return Arrays.stream(chain).map(X509Certificate.class::cast).toList();
    }

    private static PemKeyCertOptions keyCertificate(Credentials credentials) {
        return new PemKeyCertOptions()
                .addCertValue(Buffer.buffer(Pem.of(credentials.certificate())))
                .addKeyValue(Buffer.buffer(Pem.of(credentials.key())));
    }
}
