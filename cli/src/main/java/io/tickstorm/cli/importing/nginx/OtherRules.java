package io.tickstorm.cli.importing.nginx;

import static io.tickstorm.cli.importing.draft.Rule.carried;
import static io.tickstorm.cli.importing.draft.Rule.differs;
import static io.tickstorm.cli.importing.draft.Rule.lost;
import static io.tickstorm.cli.importing.draft.Rule.unneeded;

import io.tickstorm.cli.importing.draft.Rule;
import io.tickstorm.cli.importing.draft.Said;
import java.util.List;

/** Files, answers of nginx itself, logs, and what is its own. */
final class OtherRules {
    private static final String FILES = "files are served by servers";
    private static final String ANSWERS = "requests are answered by servers";
    private static final String ACCESS =
            "who may come in is a matter of networks, or of the servers: clients has limits, no lists";
    private static final String CHANGES =
            "headers pass as they are, but for those that every proxy writes (docs/forwarding.md)";
    private static final String KERNEL = "a matter of the kernel, or of the loop";
    private static final String LINES = "the access log has fields of its own (docs/reference/access-log.md)";
    private static final String SUPERVISOR = "a matter of what starts the process: systemd, a container, Kubernetes";
    private static final String OTHER = "servers are spoken to in HTTP, or gRPC";

    private OtherRules() {}

    static List<Rule<Scope>> http() {
        return List.of(
                carried("server_name", "listeners[].routes[].hosts", (said, scope) -> {}),
                carried("proxy_pass", "listeners[].backend, or a route to it", (said, scope) -> {}),
                carried("grpc_pass", "a backend with protocol: HTTP2", (said, scope) -> {}),
                lost("fastcgi_pass", OTHER),
                lost("uwsgi_pass", OTHER),
                lost("scgi_pass", OTHER),
                lost("root", FILES),
                lost("alias", FILES),
                lost("index", FILES),
                lost("try_files", FILES),
                lost("autoindex", FILES),
                lost("expires", CHANGES),
                lost("add_header", CHANGES),
                lost("more_set_headers", CHANGES),
                lost("return", ANSWERS + "; redirects, too"),
                lost("rewrite", "paths pass as they are"),
                lost("error_page", "the proxy's own answers are plain: a status and its reason"),
                lost("recursive_error_pages", "the proxy's own answers are plain: a status and its reason"),
                lost("internal", "every path is for clients"),
                lost("set", "there are no variables"),
                lost("break", "paths pass as they are"),
                lost("sub_filter", "bodies pass as they are"),
                lost("auth_basic", "passwords are a matter of the servers"),
                lost("auth_basic_user_file", "passwords are a matter of the servers"),
                lost("auth_request", "who may do what is a matter of the servers"),
                lost("satisfy", ACCESS),
                lost("mirror", "requests go to one server"),
                lost("limit_rate", "bodies pass as fast as both sides take them"),
                lost("charset", CHANGES),
                differs(
                        "stub_status",
                        "the admin API, 127.0.0.1:8404, and metrics on port 9090",
                        (said, scope) -> said.differs(
                                "the admin API has the state: GET /state on 127.0.0.1:8404; metrics are on port 9090")),
                lost("health_check", "backends[].healthCheck asks servers; write it by hand"),
                unneeded("default_type", "servers say what their answers are"),
                unneeded("server_tokens", "the proxy does not name itself but in Via"),
                unneeded("sendfile", "there are no files"),
                unneeded("sendfile_max_chunk", "there are no files"),
                unneeded("aio", "there are no files"),
                unneeded("directio", "there are no files"),
                unneeded("open_file_cache", "there are no files"),
                unneeded("chunked_transfer_encoding", "bodies pass in the framing that the peer knows"),
                unneeded("etag", "answers pass as they are"),
                unneeded("if_modified_since", "requests pass as they are"),
                unneeded("log_not_found", "there are no files"),
                unneeded("port_in_redirect", "there are no redirects"),
                unneeded("absolute_redirect", "there are no redirects"),
                unneeded("server_name_in_redirect", "there are no redirects"),
                unneeded("types_hash_max_size", KERNEL),
                unneeded("types_hash_bucket_size", KERNEL),
                unneeded("server_names_hash_max_size", KERNEL),
                unneeded("server_names_hash_bucket_size", KERNEL),
                differs(
                        "underscores_in_headers",
                        "names of headers pass as they are, but X_Forwarded_For and its like",
                        (said, scope) -> said.differs(
                                "names with _ pass, but those that stand for X-Forwarded-For and its like")),
                differs(
                        "ignore_invalid_headers",
                        "malformed requests are refused",
                        (said, scope) -> said.differs("malformed requests are refused")),
                unneeded("merge_slashes", "a path that can be read in two ways is refused where a route looks at it"),
                unneeded("request_pool_size", KERNEL),
                unneeded("connection_pool_size", KERNEL),
                unneeded("lingering_close", KERNEL),
                unneeded("lingering_time", KERNEL),
                unneeded("lingering_timeout", KERNEL));
    }

    static List<Rule<Scope>> both() {
        return List.of(
                carried("listen", "a listener for each address and port", (said, scope) -> {}),
                carried("limit_req_zone", "listeners[].clients", (said, scope) -> {}),
                carried("limit_conn_zone", "listeners[].clients", (said, scope) -> {}),
                lost("allow", ACCESS),
                lost("deny", ACCESS),
                differs("access_log", "accessLog.requests", (said, scope) -> {
                    if (said.word(1).equals("off")) {
                        said.differs(
                                "there is one access log, of what failed unless accessLog.requests says otherwise");
                    } else {
                        scope.site()
                                .process()
                                .put(
                                        "accessLog.requests",
                                        "All",
                                        said,
                                        "JSON lines on standard output, or in accessLog.path");
                    }
                }),
                differs(
                        "error_log",
                        "standard error",
                        (said, scope) -> said.differs("the log is on standard error; the admin API sets its levels")),
                differs("log_format", LINES, (said, scope) -> said.differs(LINES)),
                unneeded("tcp_nodelay", "bytes are never held back"),
                unneeded("tcp_nopush", KERNEL),
                differs(
                        "resolver",
                        "the system's resolver, or backends[].discovery.dns.resolvers",
                        (said, scope) -> said.differs(
                                "names are resolved by the system's resolver; discovery.dns.resolvers names others")),
                unneeded("resolver_timeout", "a name that cannot be resolved holds nothing up"),
                unneeded("variables_hash_max_size", KERNEL),
                unneeded("variables_hash_bucket_size", KERNEL),
                unneeded("map_hash_max_size", KERNEL),
                unneeded("map_hash_bucket_size", KERNEL),
                unneeded("preread_timeout", "a listener that routes by server name waits five seconds for it"),
                carried(
                        "ssl_preread",
                        "listeners[].routes[].serverNames",
                        (said, scope) -> said.carried("a listener that routes by server name reads it")));
    }

    /** Of the process; the subject is of no use. */
    static List<Rule<Scope>> main() {
        return List.of(
                unneeded("user", SUPERVISOR),
                unneeded("pid", SUPERVISOR),
                unneeded("daemon", SUPERVISOR),
                unneeded("master_process", SUPERVISOR),
                unneeded("worker_rlimit_nofile", SUPERVISOR),
                unneeded("worker_priority", SUPERVISOR),
                unneeded("env", SUPERVISOR),
                unneeded("load_module", "there are no modules"),
                unneeded("worker_processes", "there is an event loop for each processor; workers sets another number"),
                unneeded("worker_cpu_affinity", "there is an event loop for each processor"),
                carried(
                        "worker_shutdown_timeout",
                        "drain.timeout",
                        (said, scope) -> Values.time(said, 1)
                                .ifPresent(time -> scope.site().process().put("drain.timeout", time, said))),
                differs(
                        "worker_connections",
                        "listeners[].maxConnections of listeners, at half of it",
                        OtherRules::connections),
                unneeded("multi_accept", KERNEL),
                unneeded("use", KERNEL),
                unneeded("accept_mutex", KERNEL),
                unneeded("accept_mutex_delay", KERNEL),
                unneeded("thread_pool", "there are no files"),
                unneeded("pcre_jit", "there are no patterns"),
                unneeded("timer_resolution", KERNEL),
                unneeded("working_directory", SUPERVISOR),
                unneeded("lock_file", SUPERVISOR));
    }

    /** nginx counts connections of clients and to servers, of each process. */
    private static void connections(Said said, Scope scope) {
        Values.number(said, 1)
                .ifPresent(
                        most -> scope.site()
                                .entrances()
                                .forEach(
                                        entrance -> entrance.settings()
                                                .put(
                                                        "maxConnections",
                                                        Math.max(1, most / 2),
                                                        said,
                                                        "of each listener, clients' connections alone; nginx counts those to servers, too, in each process")));
    }
}
