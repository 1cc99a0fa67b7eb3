package io.tickstorm.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.tickstorm.proxy.backend.BackendSettings;
import io.tickstorm.proxy.endpoint.Endpoint;
import io.tickstorm.proxy.health.ProbeResult;
import io.tickstorm.proxy.probing.WireProber;
import io.tickstorm.proxy.settings.Yaml;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checks of servers that speak HTTP/2. */
class Http2ProbeTest {
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    @AfterEach
    void stop() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private ProbeResult probe(Endpoint endpoint, String settings) throws Exception {
        var result = new CompletableFuture<ProbeResult>();
        var check = BackendSettings.read(Yaml.read(settings, "test")).healthCheck();
        assertThat(check).isNotNull();
        new WireProber(loops).probe(endpoint, check, result::complete);
        return result.get(20, TimeUnit.SECONDS);
    }

    private ProbeResult probe(Endpoint endpoint) throws Exception {
        return probe(endpoint, "{protocol: HTTP2, healthCheck: {type: HTTP, path: /up, timeout: 3s}}");
    }

    @ParameterizedTest
    @CsvSource({"200,true", "302,true", "404,false", "503,false"})
    void theStatusDecides(String status, boolean passes) throws Exception {
        try (var server = StreamServer.with(stream -> stream.headers(new DefaultHttp2Headers().status(status), true))) {
            assertThat(probe(server.endpoint()))
                    .isEqualTo(passes ? new ProbeResult.Passed() : new ProbeResult.Failed("status " + status));
            assertThat(server.lastRequest().head().path()).hasToString("/up");
        }
    }

    @Test
    void aServerOfHttp1Fails() throws Exception {
        try (var server = RawServer.saying("x")) {
            assertThat(probe(server.endpoint())).isInstanceOf(ProbeResult.Failed.class);
        }
    }

    @Test
    void aPortOfItsOwnIsAskedOverHttp1() throws Exception {
        try (var server = RawServer.saying("x")) {
            assertThat(probe(
                            server.endpoint(),
                            "{protocol: HTTP2, healthCheck: {type: HTTP, port: " + server.port() + ", timeout: 3s}}"))
                    .isEqualTo(new ProbeResult.Passed());
        }
    }
}
