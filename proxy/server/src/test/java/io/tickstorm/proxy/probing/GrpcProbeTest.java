package io.tickstorm.proxy.probing;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.tickstorm.proxy.endpoint.Endpoint;
import io.tickstorm.proxy.endpoint.EndpointId;
import io.tickstorm.proxy.health.HealthCheckSettings;
import io.tickstorm.proxy.health.Probe;
import io.tickstorm.proxy.health.ProbeResult;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against the server that Java services have. */
class GrpcProbeTest {
    private static final ProbeResult PASSED = new ProbeResult.Passed();

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final WireProber prober = new WireProber(loops);
    private final HealthStatusManager health = new HealthStatusManager();
    private final List<Server> servers = new ArrayList<>();

    @AfterEach
    void tearDown() throws Exception {
        for (var server : servers) {
            server.shutdownNow().awaitTermination();
        }
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }

    @Test
    void aServingServerPasses() throws Exception {
        assertThat(probe(healthServer(), "")).isEqualTo(PASSED);
    }

    @ParameterizedTest
    @CsvSource({"NOT_SERVING", "UNKNOWN", "SERVICE_UNKNOWN"})
    void anyOtherStatusIsTold(ServingStatus status) throws Exception {
        health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, status);

        assertThat(probe(healthServer(), "")).isEqualTo(new ProbeResult.Failed(status.toString()));
    }

    @Test
    void oneServiceIsAskedFor() throws Exception {
        var longest = "s".repeat(255);
        health.setStatus("ticks", ServingStatus.NOT_SERVING);
        health.setStatus(longest, ServingStatus.SERVING);
        var port = healthServer();

        assertThat(probe(port, "ticks")).isEqualTo(new ProbeResult.Failed("NOT_SERVING"));
        assertThat(probe(port, longest)).isEqualTo(PASSED);
        assertThat(probe(port, "nobody"))
                .isEqualTo(new ProbeResult.Failed("grpc-status NOT_FOUND: unknown service nobody"));
    }

    @Test
    void aServerThatDoesNotSpeakOfItsHealthFails() throws Exception {
        var bare = started(NettyServerBuilder.forAddress(loopback()).build());

        assertThat(probe(bare, ""))
                .isEqualTo(new ProbeResult.Failed(
                        "grpc-status UNIMPLEMENTED: Method not found: grpc.health.v1.Health/Check"));
    }

    @Test
    void whatIsNotHttp2Fails() throws Exception {
        try (var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (var socket = server.accept()) {
                    socket.getInputStream().read();
                    socket.getOutputStream()
                            .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    socket.getInputStream().readAllBytes();
                } catch (IOException end) {
                    // The prober has seen enough.
                }
            });

            assertThat(probe(server.getLocalPort(), "")).isEqualTo(new ProbeResult.Failed("not an HTTP/2 answer"));
        }
    }

    @Test
    void aRefusedConnectionFails() throws Exception {
        int closed;
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = server.getLocalPort();
        }

        assertThat(probe(closed, "")).isEqualTo(new ProbeResult.Failed("connection refused"));
    }

    @ParameterizedTest
    @CsvSource({
        "00 00000002 0801, SERVING",
        "00 00000000, UNKNOWN",
        "00 00000003 088100, SERVING",
        // fields that we do not know: a text, a fixed32, a fixed64 and a number
        "00 00000017 1203616263 1d01020304 210102030405060708 2805 0802, NOT_SERVING",
        "00 00000002 0809, UNKNOWN",
    })
    void anAnswerIsReadByItsFirstField(String bytes, GrpcHealth.Status status) {
        var answer = new GrpcHealth.Answer();

        assertThat(answer.add(bytes(bytes))).isTrue();

        assertThat(answer.status()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({
        "00",
        "00 00000002 08",
        "00 00000001 08",
        "00 00000001 0801",
        "00 00000002 12ff",
        "00 00000002 0f01",
        "''"
    })
    void whatIsNoMessageIsNone(String bytes) {
        var answer = new GrpcHealth.Answer();
        answer.add(bytes(bytes));

        assertThat(answer.status()).isNull();
    }

    @Test
    void compressedOrEndlessAnswersAreNotTaken() {
        assertThat(new GrpcHealth.Answer().add(bytes("01 00000002 0801"))).isFalse();
        assertThat(new GrpcHealth.Answer().add(Unpooled.wrappedBuffer(new byte[1025])))
                .isFalse();
    }

    @Test
    void theServersNameIsLeftOutWhenAllOfItIsMeant() {
        assertThat(hex(GrpcHealth.request(UnpooledByteBufAllocator.DEFAULT, "")))
                .isEqualTo("0000000000");
        assertThat(hex(GrpcHealth.request(UnpooledByteBufAllocator.DEFAULT, "ab")))
                .isEqualTo("00000000040a026162");
    }

    private static ByteBuf bytes(String hex) {
        return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(hex.replace(" ", "")));
    }

    private static String hex(ByteBuf bytes) {
        try {
            return ByteBufUtil.hexDump(bytes);
        } finally {
            bytes.release();
        }
    }

    private int healthServer() throws IOException {
        return started(NettyServerBuilder.forAddress(loopback())
                .addService(health.getHealthService())
                .build());
    }

    private int started(Server server) throws IOException {
        servers.add(server.start());
        return server.getPort();
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private ProbeResult probe(int port, String service) throws Exception {
        var result = new CompletableFuture<ProbeResult>();
        var wait = Duration.ofSeconds(10);
        prober.probe(
                Endpoint.active(new EndpointId("", "127.0.0.1", port), "a"),
                new HealthCheckSettings(new Probe.Grpc(service), 0, wait, wait, wait, 1, 1),
                result::complete);
        return result.get(20, TimeUnit.SECONDS);
    }
}
