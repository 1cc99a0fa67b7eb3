package io.tickstorm.cli.importing;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.cli.importing.draft.Finding;
import io.tickstorm.cli.importing.draft.UnreadableException;
import io.tickstorm.cli.importing.draft.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What single directives become. */
class TranslationsTest {
    private static final String SITE = """
            defaults
                mode %s
                timeout connect 2s
            frontend in
                bind *:8000%s
                %s
                default_backend web
            backend web
                %s
                server a 10.0.0.1:80 check%s
                server b 10.0.0.2:80 check
            backend api
                server c 10.0.0.3:80
            """;

    private static final String NGINX = """
            http {
                limit_req_zone $binary_remote_addr zone=r:1m rate=600r/m;
                limit_conn_zone $binary_remote_addr zone=c:1m;
                upstream web { %s server 10.0.0.1:80; server 10.0.0.2:80; }
                server { listen 8000; %s location / { proxy_set_header Host $host; %s proxy_pass http://web; } }
            }
            """;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            maxconn 500                                                       | listeners.0.maxConnections                | 500          | CARRIED
            timeout http-request 5s                                           | listeners.0.headerTimeout                 | 5s           | CARRIED
            timeout http-keep-alive 1m                                        | listeners.0.idleTimeout                   | 1m           | CARRIED
            timeout client 7s                                                 | listeners.0.idleTimeout                   | 7s           | DIFFERS
            timeout client 3d                                                 | listeners.0.idleTimeout                   | 24h          | DIFFERS
            use_backend api if { path_beg /api }                              | listeners.0.routes.0.pathPrefix           | /api         | DIFFERS
            use_backend api if { hdr(host) -i API.example.org }               | listeners.0.routes.0.hosts.0              | api.example.org | CARRIED
            use_backend api if { hdr_end(host) .example.org } { path_beg /a } | listeners.0.routes.0.hosts.0              | *.example.org | DIFFERS
            use_backend api if { req.hdr(x-beta) -m found }                   | listeners.0.routes.0.headers.0.name       | x-beta       | CARRIED
            use_backend api if !{ path_beg /api }                             | listeners.0.routes                        |              | LOST
            use_backend api if { path_reg ^/a }                               | listeners.0.routes                        |              | LOST
            use_backend api if { path_beg /a;b }                              | listeners.0.routes                        | []             | LOST
            tcp-request connection reject if { src_conn_cur ge 10 }           | listeners.0.clients.connections           | 9            | CARRIED
            http-request deny if { path_beg /admin }                          | listeners.0.clients                       |              | LOST
            http-request set-header X-Forwarded-Proto https                   | listeners.0.protocol                      | HTTP         | CARRIED
            http-request set-header X-Tenant a                                | listeners.0.protocol                      | HTTP         | LOST
            compression algo gzip                                             | listeners.0.compression.level             | 1            | CARRIED
            option httplog                                                    | accessLog.requests                        | All          | CARRIED
            rate-limit sessions 100                                           | listeners.0.maxConnectionRate             | 100          | CARRIED
            """)
    void ofAFrontend(String directive, String path, String value, Verdict verdict) throws UnreadableException {
        becomes(SITE.formatted("http", "", directive, "", ""), directive, path, value, verdict);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            balance leastconn                        | backends.0.balancing.policy             | LeastConnections  | CARRIED
            balance source                           | backends.0.balancing.policy             | SourceIpHash      | CARRIED
            balance hdr(X-User)                      | backends.0.balancing.hash.name          | X-User            | CARRIED
            balance uri                              | backends.0.balancing.policy             | LeastConnections  | LOST
            timeout server 30s                       | listeners.0.responseTimeout             | 30s               | DIFFERS
            timeout queue 3s                         | backends.0.limits.queue.timeout         | 3s                | CARRIED
            timeout check 9s                         | backends.0.healthCheck.timeout          | 2s                | DIFFERS
            retries 4                                | backends.0.retries.attempts             | 4                 | DIFFERS
            retry-on 503 conn-failure                | backends.0.retries.statuses.0           | 503               | DIFFERS
            option httpchk GET /well                 | backends.0.healthCheck.path             | /well             | CARRIED
            option httpchk HEAD /well HTTP/1.1       | backends.0.healthCheck.path             | /well             | DIFFERS
            http-check expect rstatus ^2             | backends.0.healthCheck.type             | TCP               | LOST
            option redis-check                       | backends.0.healthCheck.expect           | +PONG             | CARRIED
            cookie S insert secure                   | backends.0.stickiness.secure            | true              | DIFFERS
            hash-balance-factor 200                  | backends.0.balancing.hash.balanceFactor |                   | LOST
            default-server slowstart 20s             | backends.0.balancing.slowStart.window   | 20s               | CARRIED
            """)
    void ofABackend(String directive, String path, String value, Verdict verdict) throws UnreadableException {
        becomes(SITE.formatted("http", "", "", directive, ""), directive, path, value, verdict);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            weight 5                        | backends.0.discovery.static.0.weight    | 5                 | CARRIED
            port 81 inter 5s rise 3 fall 4  | backends.0.healthCheck.interval         | 5s                | CARRIED
            maxconn 7                       | backends.0.limits.requests              | 7                 | CARRIED
            send-proxy-v2                   | backends.0.proxyProtocol                | V2                | CARRIED
            backup                          | listeners.0.backends.1.standby          | true              | CARRIED
            weight 0                        | backends.0.discovery.static.0.address   | 10.0.0.2          | DIFFERS
            disabled                        | backends.0.discovery.static.0.address   | 10.0.0.2          | DIFFERS
            ssl verify none                 | backends.0.tls.serverName               | 10.0.0.1          | LOST
            ssl verify required ca-file /ca | backends.0.tls.caFile                   | /ca               | CARRIED
            tfo warp                        | backends.0.name                         | web               | LOST
            """)
    void ofAServer(String words, String path, String value, Verdict verdict) throws UnreadableException {
        becomes(
                SITE.formatted("http", "", "", "", " " + words),
                "server a 10.0.0.1:80 check " + words,
                path,
                value,
                verdict);
    }

    @ParameterizedTest
    @CsvSource({"'', DIFFERS", "option allbackups, CARRIED"})
    void aSecondThatStandsByWaitsForTheFirstUnlessHaproxyIsToldOtherwise(String option, Verdict verdict)
            throws UnreadableException {
        var text = SITE.formatted("http", "", "", option, "")
                .replace(
                        "backend api",
                        "    server d 10.0.0.4:80 check backup\n    server e 10.0.0.5:80 check backup\nbackend api");

        becomes(
                text,
                "server d 10.0.0.4:80 check backup",
                "backends.1.discovery.static.0.address",
                "10.0.0.4",
                Verdict.CARRIED);
        becomes(
                text,
                "server e 10.0.0.5:80 check backup",
                "backends.1.discovery.static.1.address",
                "10.0.0.5",
                verdict);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            accept-proxy                      | listeners.0.proxyProtocol.trustedProxies.0      | 0.0.0.0/0         | DIFFERS
            ssl crt /x.pem                    | listeners.0.tls.certificates.0.keyFile          | /x.pem            | CARRIED
            ssl crt /x.pem ssl-min-ver TLSv1.3 | listeners.0.tls.minVersion                     | TLSv1.3           | CARRIED
            ssl crt /x.pem verify required    | listeners                                       |                   | LOST
            ssl crt-list /x                   | listeners                                       |                   | LOST
            """)
    void ofABind(String words, String path, String value, Verdict verdict) throws UnreadableException {
        becomes(SITE.formatted("http", " " + words, "", "", ""), "bind *:8000 " + words, path, value, verdict);
    }

    @Test
    void tlsNamesOfHaproxyBecomeRoutesOfATcpListener() throws UnreadableException {
        var directive = "use_backend api if { req_ssl_sni -i api.example.org }";

        becomes(
                SITE.formatted("tcp", "", directive, "", ""),
                directive,
                "listeners.0.routes.0.serverNames.0",
                "api.example.org",
                Verdict.CARRIED);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            least_conn;                          | backends.0.balancing.policy         | LeastConnections | CARRIED
            ip_hash;                             | backends.0.balancing.policy         | SourceIpHash     | DIFFERS
            hash $cookie_user consistent;        | backends.0.balancing.hash.name      | user             | CARRIED
            hash $request_uri;                   | backends.0.balancing.policy         | LeastConnections | LOST
            server 10.0.0.3:80 backup;           | listeners.0.backends.1.standby      | true             | CARRIED
            server 10.0.0.3:80 max_fails=4;      | backends.0.circuitBreaker.consecutiveFailures | 4      | DIFFERS
            server 10.0.0.3:80 fail_timeout=7s;  | backends.0.circuitBreaker.openFor   | 7s               | CARRIED
            """)
    void ofAnUpstream(String directive, String path, String value, Verdict verdict) throws UnreadableException {
        becomes(NGINX.formatted(directive, "", ""), directive.replace(";", ""), path, value, verdict);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            keepalive_timeout 20s;               | listeners.0.idleTimeout             | 20s              | CARRIED
            client_header_timeout 4s;            | listeners.0.headerTimeout           | 4s               | CARRIED
            client_max_body_size 1m;             | listeners.0.name                    | http-8000        | LOST
            gzip on;                             | listeners.0.compression.types.0     | text/html        | CARRIED
            large_client_header_buffers 4 8k;    | listeners.0.maxHeaderSize           | 32Ki             | CARRIED
            limit_req zone=r burst=9 nodelay;    | listeners.0.clients.requestBurst    | 10               | DIFFERS
            limit_req zone=r;                    | listeners.0.clients.requestRate     | 10               | DIFFERS
            limit_conn c 5;                      | listeners.0.clients.connections     | 5                | DIFFERS
            server_name a.example.org;           | listeners.0.backend                 | web              | CARRIED
            return 301 https://x$request_uri;    | listeners.0.backend                 | web              | LOST
            access_log /x;                       | accessLog.requests                  | All              | DIFFERS
            """)
    void ofAServerOfNginx(String directive, String path, String value, Verdict verdict) throws UnreadableException {
        becomes(NGINX.formatted("", directive, ""), directive.replace(";", ""), path, value, verdict);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            proxy_connect_timeout 3s;                    | listeners.0.connectTimeout      | 3s     | CARRIED
            proxy_read_timeout 30s;                      | listeners.0.responseTimeout     | 30s    | DIFFERS
            proxy_next_upstream error http_503 http_404; | backends.0.retries.statuses.0   | 503    | LOST
            proxy_next_upstream off;                     | backends.0.retries.attempts     | 0      | CARRIED
            proxy_next_upstream_tries 4;                 | backends.0.retries.attempts     | 3      | CARRIED
            proxy_set_header X-Real-IP $remote_addr;     | backends.0.name                 | web    | LOST
            proxy_set_header Upgrade $http_upgrade;      | backends.0.name                 | web    | CARRIED
            proxy_buffering off;                         | backends.0.name                 | web    | UNNEEDED
            auth_basic Staff;                            | backends.0.name                 | web    | LOST
            """)
    void ofALocation(String directive, String path, String value, Verdict verdict) throws UnreadableException {
        becomes(NGINX.formatted("", "", directive), directive.replace(";", ""), path, value, verdict);
    }

    @Test
    void serversOfNginxThatShareAnAddressBecomeRoutesByTheirNames() throws UnreadableException {
        var result = result("""
                server { listen 80 default_server; server_name a.example.org; location / { proxy_pass http://10.0.0.1; } }
                server { listen 80; server_name *.example.org; location / { proxy_pass http://10.0.0.2; } location /api/ { proxy_pass http://10.0.0.3; } }
                """);

        assertThat(at(result, "listeners.0.backend")).isEqualTo("backend-10-0-0-1");
        assertThat(at(result, "listeners.0.routes.0"))
                .isEqualTo(Map.of("hosts", List.of("a.example.org"), "backend", "backend-10-0-0-1"));
        assertThat(at(result, "listeners.0.routes.1"))
                .isEqualTo(Map.of("hosts", List.of("*.example.org"), "backend", "backend-10-0-0-2"));
        assertThat(at(result, "listeners.0.routes.2"))
                .isEqualTo(Map.of(
                        "hosts", List.of("*.example.org"), "pathPrefix", "/api/", "backend", "backend-10-0-0-3"));
    }

    @Test
    void portsThatTheProxyHasForItsOwnAreGivenToTheListener() throws UnreadableException {
        var result = result(
                "stream { server { listen 8081; proxy_pass 10.0.0.1:80; } server { listen 9090; proxy_pass 10.0.0.1:80; } }");

        assertThat(at(result, "health.port")).isEqualTo(18081);
        assertThat(at(result, "metrics.port")).isEqualTo(19090);
    }

    private static void becomes(String text, String directive, String path, String value, Verdict verdict)
            throws UnreadableException {
        var imported = imported(text);

        var result = imported.text().map(yaml -> at(read(yaml), path)).orElse(null);
        assertThat(Objects.toString(result, null))
                .as(text + imported.text().orElse(""))
                .isEqualTo(value);
        assertThat(imported.report().findings())
                .filteredOn(finding -> finding.line().text().equals(directive))
                .extracting(Finding::verdict)
                .containsExactly(verdict);
    }

    private static Object result(String text) throws UnreadableException {
        return read(imported(text).text().orElseThrow());
    }

    private static Imported imported(String text) throws UnreadableException {
        return Imported.of(
                new Imported.Input(text, "input", null, Map.of(), null),
                Format.of(text).orElseThrow());
    }

    private static Object read(String yaml) {
        return new Load(LoadSettings.builder().build()).loadFromString(yaml);
    }

    /** What is at a path of keys and numbers; null if nothing is. */
    private static @Nullable Object at(Object tree, String path) {
        Object at = tree;
        for (var step : path.split("\\.")) {
            at = switch (at) {
                case Map<?, ?> map -> map.get(step);
                case List<?> list -> Integer.parseInt(step) < list.size() ? list.get(Integer.parseInt(step)) : null;
                case null, default -> null;
            };
        }
        return at;
    }
}
