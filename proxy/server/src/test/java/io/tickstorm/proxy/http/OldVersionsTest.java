package io.tickstorm.proxy.http;

import static io.tickstorm.proxy.http.RawServer.ok;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Clients and upstreams of HTTP/1.0 (RFC 9112 appendix C.2). */
class OldVersionsTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    @Test
    void interimAnswersDoNotReachClientsOfOldVersions() throws IOException {
        try (var server = RawServer.answering(request -> "HTTP/1.1 103 Early Hints\r\n\r\n" + ok("done"));
                var balancer = Balancer.before(server);
                var client = balancer.client()) {
            client.send("GET / HTTP/1.0\r\n\r\n");

            assertThat(client.rest()).startsWith("HTTP/1.1 200 OK\r\n").endsWith("done");
        }
    }

    @Test
    void anOldClientWithoutHostGetsOneAndItsConnectionCloses() throws IOException {
        try (var server = RawServer.saying("x");
                var balancer = Balancer.before(server);
                var client = balancer.client()) {
            client.send("GET / HTTP/1.0\r\n\r\n");

            assertThat(client.rest()).contains("connection: close\r\n").endsWith("\r\n\r\nx");
            assertThat(server.lastRequest().startLine()).isEqualTo("GET / HTTP/1.1");
            assertThat(server.lastRequest().field("host"))
                    .isEqualTo("127.0.0.1:" + balancer.listener().number());
        }
    }

    @Test
    void anOldClientThatAsksForKeepAliveGetsIt() throws IOException {
        try (var server = RawServer.saying("x");
                var balancer = Balancer.before(server);
                var client = balancer.client()) {
            for (int i = 0; i < 3; i++) {
                client.send("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n");
                assertThat(client.message().field("connection")).isEqualTo("keep-alive");
            }
        }
    }

    @Test
    void anOldClientGetsNoChunks() throws IOException {
        try (var server = RawServer.answering(request -> "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "5\r\nhello\r\n7;x=y\r\n, world\r\n0\r\nX-Sum: 1\r\n\r\n");
                var balancer = Balancer.before(server);
                var client = balancer.client()) {
            client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");

            assertThat(client.rest())
                    .contains("connection: close\r\n")
                    .doesNotContainIgnoringCase("transfer-encoding")
                    .endsWith("\r\n\r\nhello, world");
        }
    }

    @Test
    void anOldUpstreamIsUnderstood() throws IOException {
        try (var server = RawServer.with(connection -> {
                    connection.wire().message();
                    connection.wire().send("HTTP/1.0 200 OK\r\nServer: old\r\n\r\nhello, ");
                    connection.wire().send("world");
                });
                var balancer = Balancer.before(server);
                var client = balancer.client()) {
            for (int i = 0; i < 2; i++) {
                client.send(GET);
                var answer = client.message();
                assertThat(answer.startLine()).isEqualTo("HTTP/1.1 200 OK");
                assertThat(answer.field("transfer-encoding")).isEqualTo("chunked");
                assertThat(answer.body()).isEqualTo("hello, world");
            }
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void anOldUpstreamAndAnOldClientMeet() throws IOException {
        try (var server = RawServer.with(connection -> {
                    connection.wire().message();
                    connection.wire().send("HTTP/1.0 200 OK\r\n\r\nhello");
                });
                var balancer = Balancer.before(server);
                var client = balancer.client()) {
            client.send("GET / HTTP/1.0\r\n\r\n");

            assertThat(client.rest()).endsWith("\r\n\r\nhello");
        }
    }
}
