package io.tickstorm.proxy.admin;

import io.netty.util.NetUtil;
import io.tickstorm.proxy.config.AdminSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The admin port: what a person asks of a proxy, and does to it by hand. {@code docs/reference/admin.md} documents each path.
 *
 * <p>Answers are worked out off the event loops, which traffic shares: a state of a thousand upstreams takes milliseconds.
 * Thread-safe.
 */
public final class Admin {
    private static final Logger log = LoggerFactory.getLogger(Admin.class);
    private static final int IDLE_SECONDS = 75;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int INTERNAL_ERROR = 500;

    private final HttpServer server;
    private final Live live;

    private Admin(HttpServer server, Live live) {
        this.server = server;
        this.live = live;
    }

    /**
     * Listens.
     *
     * @return fails if the port cannot be bound
     */
    public static Future<Admin> start(Vertx vertx, AdminSettings settings, Sources sources) {
        var bind = settings.bind();
        var guard = new Guard(bind.address(), sources.tokenFile());
        if (!guard.needsToken() && !loopback(bind.address())) {
            log.warn("admin: {} is reached from elsewhere: whoever reaches it sees all that runs", bind.address());
        }
        var options = new HttpServerOptions()
                .setHost(bind.address())
                .setPort(bind.port())
                .setIdleTimeout(IDLE_SECONDS);
        var live = new Live(sources, () -> LiveJson.of(sources.state().get(), sources, guard.needsToken()));
        return vertx.createHttpServer(options)
                .requestHandler(new Routes(vertx, guard, new Questions(sources), new Changes(sources), live).router())
                .listen()
                .map(server -> new Admin(server, live));
    }

    /** What is answered, such as {@code GET /state}, so that the documentation can be held to it. */
    public List<String> routes() {
        return ((Router) server.requestHandler())
                .getRoutes().stream()
                        .filter(route -> route.methods() != null && route.getPath() != null)
                        .flatMap(route -> route.methods().stream().map(method -> method + " " + route.getPath()))
                        .distinct()
                        .toList();
    }

    /** The bound port, 1..65535. */
    public int port() {
        return server.actualPort();
    }

    public Future<Void> close() {
        live.close();
        return server.close();
    }

    private static boolean loopback(String address) {
        return address.equals("localhost")
                || (NetUtil.isValidIpV4Address(address) || NetUtil.isValidIpV6Address(address))
                        && InetAddress.ofLiteral(address).isLoopbackAddress();
    }

    /** Which path is whose. */
    private record Routes(Vertx vertx, Guard guard, Questions questions, Changes changes, Live live) {
        Router router() {
            var router = Router.router(vertx);
            router.route().handler(context -> {
                guard.admit(context.request());
                context.next();
            });
            ask(router, "/", context -> Page.wanted(context) ? Page.file("index.html") : questions.paths(context));
            ask(router, "/page/:file", context -> Page.file(String.valueOf(context.pathParam("file"))));
            router.get("/live").handler(context -> {
                guard.admitPage(context.request());
                LivePage.open(context, vertx, live);
            });
            ask(router, "/stats;csv", questions::stats);
            ask(router, "/state", questions::state);
            ask(router, "/config", questions::config);
            ask(router, "/why", questions::why);
            ask(router, "/log-level", changes::levels);
            change(router, HttpMethod.PUT, "/log-level", changes::level);
            change(router, HttpMethod.POST, "/backends/:backend/upstreams/:upstream/drain", changes::drain);
            change(router, HttpMethod.POST, "/backends/:backend/upstreams/:upstream/resume", changes::resume);
            router.route().failureHandler(Routes::failed);
            router.errorHandler(
                    Refusal.NOT_FOUND,
                    context -> Replies.error(
                            context,
                            Refusal.NOT_FOUND,
                            context.normalizedPath() + " (expected: a path that GET / names)"));
            router.errorHandler(
                    METHOD_NOT_ALLOWED,
                    context -> Replies.error(
                            context,
                            METHOD_NOT_ALLOWED,
                            context.request().method() + " " + context.normalizedPath()
                                    + " (expected: the method that GET / names)"));
            return router;
        }

        private void ask(Router router, String path, Work answer) {
            router.get(path).handler(context -> work(context, () -> answer.apply(context)));
        }

        private void change(Router router, HttpMethod method, String path, Work change) {
            router.route(method, path)
                    .handler(context -> work(context, () -> {
                        guard.admitChange(context.request());
                        return change.apply(context);
                    }));
        }

        private void work(RoutingContext context, Callable<Consumer<RoutingContext>> work) {
            vertx.executeBlocking(work, false)
                    .onSuccess(reply -> reply.accept(context))
                    .onFailure(context::fail);
        }

        private static void failed(RoutingContext context) {
            switch (context.failure()) {
                case Refusal refusal -> Replies.error(context, refusal.status(), String.valueOf(refusal.getMessage()));
                case null -> context.next();
                default -> {
                    log.error("{} failed", context.normalizedPath(), context.failure());
                    Replies.error(context, INTERNAL_ERROR, "a bug: see the log of the proxy");
                }
            }
        }
    }

    /** Works an answer out, on a thread that may block; what it returns sends it, on the event loop. */
    interface Work {
        Consumer<RoutingContext> apply(RoutingContext context);
    }
}
