package io.tickstorm.cli.importing;

import io.tickstorm.cli.importing.draft.Rule;
import io.tickstorm.cli.importing.haproxy.HaproxyRules;
import io.tickstorm.cli.importing.nginx.NginxRules;
import io.tickstorm.proxy.property.Chance;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Configurations that chance has made of every directive in the tables, with arguments of all kinds: right ones, wrong ones, of any size.
 */
final class RandomConfigurations {
    private static final List<String> WORDS = List.of(
            "on",
            "off",
            "http",
            "tcp",
            "1",
            "0",
            "100",
            "999999999",
            "5s",
            "10ms",
            "400d",
            "0s",
            "-1",
            "x",
            "",
            "a b",
            "$host",
            "/",
            "/api",
            "/a//b",
            "example.org",
            "*.example.org",
            "10.0.0.1",
            "10.0.0.0/8",
            "::1",
            "/etc/x.pem",
            "src",
            "hdr(host)",
            "if",
            "{",
            "}",
            "!",
            "path_beg",
            "or",
            "gt",
            "200",
            "h2",
            "TLSv1.3",
            "16k",
            "text/html",
            "web",
            "api");

    /** What is right for the directives that make listeners and backends, so that some of them come to be. */
    private static final Map<String, List<String>> RIGHT = Map.ofEntries(
            Map.entry("balance", List.of("roundrobin", "leastconn", "source", "hdr(x)", "uri", "random(2)")),
            Map.entry("timeout client", List.of("5s", "3h", "100d")),
            Map.entry("timeout server", List.of("5s", "3h")),
            Map.entry("timeout connect", List.of("1s", "10m")),
            Map.entry("timeout check", List.of("1s", "10s")),
            Map.entry("mode", List.of("http", "tcp")),
            Map.entry("option httpchk", List.of("", "GET /ready", "HEAD / HTTP/1.1", "/x y")),
            Map.entry("tcp-check send", List.of("\"PING\\r\\n\"", "x")),
            Map.entry("tcp-check expect", List.of("string pong", "rstring p.*")),
            Map.entry("http-check expect", List.of("status 200", "rstatus ^2", "status 99", "! status 500")),
            Map.entry("cookie", List.of("SERVERID insert indirect nocache", "a(b insert")),
            Map.entry(
                    "stick-table",
                    List.of("type ip size 100k expire 30m", "type ip size 1 expire 1ms store http_req_rate(10s)")),
            Map.entry("stick on", List.of("src", "cookie(x)", "path")),
            Map.entry(
                    "acl",
                    List.of("is_api path_beg /api", "is_api hdr(host) -i x.example.org", "is_api src 10.0.0.0/8")),
            Map.entry(
                    "use_backend",
                    List.of("api if is_api", "web if !is_api", "api if { path_beg /x } || { hdr(host) y }", "nowhere")),
            Map.entry("default_backend", List.of("web", "api")),
            Map.entry(
                    "http-request deny",
                    List.of("if { src_http_req_rate gt 100 }", "if { sc_conn_cur(0) ge 10 } !{ src 10.0.0.0/8 }")),
            Map.entry("server_name", List.of("a.example.org", "*.example.org _", "~^x", ".example.net")),
            Map.entry("limit_req", List.of("zone=z burst=5", "zone=none")),
            Map.entry("limit_conn", List.of("c 10", "none 1")),
            Map.entry("keepalive_timeout", List.of("75s", "0", "100d")),
            Map.entry("gzip", List.of("on", "off")),
            Map.entry("gzip_types", List.of("text/plain text/css", "*")),
            Map.entry("hash", List.of("$remote_addr", "$http_x consistent", "$request_uri")));

    private RandomConfigurations() {}

    /** A text and how many directives it has. */
    record Text(String text, int directives) {
        @Override
        public String toString() {
            return "\n" + text;
        }
    }

    static Text haproxy(Chance chance) {
        var lines = new ArrayList<String>();
        lines.add("global");
        directives(lines, chance, "`global`", "  ");
        lines.add("defaults");
        lines.add("  mode " + chance.oneOf(List.of("http", "tcp")));
        directives(lines, chance, "`defaults`, `frontend`, `backend`, `listen`", "  ");
        lines.add("frontend in");
        lines.add("  bind "
                + chance.oneOf(
                        List.of("*:80", ":8081", "127.0.0.1:70000", ":80-82", "[::1]:443 ssl crt /x.pem", "/sock"))
                + words(chance, "words of `bind`"));
        directives(lines, chance, "`defaults`, `frontend`, `backend`, `listen`", "  ");
        lines.add("  default_backend web");
        for (var backend : List.of("web", "api")) {
            lines.add("backend " + backend);
            directives(lines, chance, "`defaults`, `frontend`, `backend`, `listen`", "  ");
            int servers = chance.between(0, 3);
            for (int i = 0; i < servers; i++) {
                lines.add("  server s" + i + " "
                        + chance.oneOf(List.of("10.0.0." + i + ":80", "host:8080", "10.0.0.1", "[::1]:90", "a:0"))
                        + words(chance, "words of `server` and `default-server`"));
            }
        }
        return new Text(String.join("\n", lines), lines.size());
    }

    static Text nginx(Chance chance) {
        var lines = new ArrayList<String>();
        directives(lines, chance, "the file, `events`", "");
        lines.add("http {");
        lines.add("  limit_req_zone $binary_remote_addr zone=z:1m rate="
                + chance.oneOf(List.of("10r/s;", "30r/m;", "x;")));
        lines.add("  limit_conn_zone $binary_remote_addr zone=c:1m;");
        directives(lines, chance, "`http`, its `server` and `location`", "  ");
        lines.add("  upstream web {");
        directives(lines, chance, "`upstream`", "    ");
        int servers = chance.between(0, 3);
        for (int i = 0; i < servers; i++) {
            lines.add("    server 10.0.0." + i + ":80 "
                    + chance.oneOf(
                            List.of("", "weight=2", "max_fails=0", "backup", "down", "fail_timeout=90d", "weight=0"))
                    + ";");
        }
        lines.add("  }");
        lines.add("  server {");
        lines.add("    listen "
                + chance.oneOf(
                        List.of("80;", "[::]:80 default_server;", "8081;", "443 ssl http2;", "70000;", "unix:/x;")));
        directives(lines, chance, "`http`, its `server` and `location`", "    ");
        lines.add("    location "
                + chance.oneOf(List.of("/", "/api/", "= /x", "~ \\.php$", "^~ /a;b".replace(";", ""), "/a//b")) + " {");
        directives(lines, chance, "`http`, its `server` and `location`", "      ");
        lines.add("      proxy_pass "
                + chance.oneOf(List.of("http://web;", "http://web/x/;", "https://h:1;", "http://$x;")));
        lines.add("    }");
        lines.add("  }");
        lines.add("}");
        lines.add("stream {");
        lines.add("  server {");
        lines.add("    listen 9000;");
        directives(lines, chance, "`stream` and its `server`", "    ");
        lines.add("    proxy_pass 10.0.0.9:9000;");
        lines.add("  }");
        lines.add("}");
        return new Text(String.join("\n", lines), (int)
                lines.stream().filter(line -> !line.strip().equals("}")).count());
    }

    private static void directives(List<String> lines, Chance chance, String place, String indent) {
        boolean nginx = NginxRules.all().containsKey(place);
        var rules = rules(place).stream()
                // these are made where they belong
                .filter(rule ->
                        !rule.directive().matches("server|server-template|proxy_pass|grpc_pass|bind|listen|disabled"))
                .toList();
        for (var rule : chance.list(0, 12, i -> chance.oneOf(rules))) {
            var right = RIGHT.get(rule.directive());
            var arguments = right != null && !chance.onceIn(4) ? chance.oneOf(right) : arguments(chance, nginx);
            lines.add(indent + rule.directive() + " " + arguments + (nginx ? ";" : ""));
        }
    }

    private static String arguments(Chance chance, boolean nginx) {
        return String.join(" ", chance.list(0, 4, i -> {
            var word = chance.oneOf(WORDS);
            return word.matches("[^ {}]+") && !(nginx && word.isEmpty())
                    ? word
                    : nginx || word.contains(" ") || word.isEmpty() ? "'" + word + "'" : word;
        }));
    }

    private static String words(Chance chance, String place) {
        var words = new StringBuilder();
        for (var rule : chance.list(0, 6, i -> chance.oneOf(rules(place)))) {
            words.append(' ').append(rule.directive());
            if (chance.yes()) {
                words.append(' ')
                        .append(chance.oneOf(List.of("1", "5", "2s", "required", "x", "/x.pem", "h2", "0", "99999")));
            }
        }
        return words.toString();
    }

    private static List<? extends Rule<?>> rules(String place) {
        var haproxy = HaproxyRules.all().get(place);
        return haproxy != null
                ? haproxy
                : Objects.requireNonNull(NginxRules.all().get(place));
    }
}
