package io.tickstorm.operator.local;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class NodePortTest {

    @Test
    void carriesBothDirectionsAndKeepsAHalfClosedConnectionOpen() throws IOException {
        try (var proxy = server();
                var port = NodePort.open(0)) {
            port.targets(List.of(address(proxy)));

            try (var client = connect(port);
                    var accepted = proxy.accept()) {
                client.getOutputStream().write("question".getBytes(US_ASCII));
                client.shutdownOutput();
                assertThat(accepted.getInputStream().readAllBytes())
                        .asString(US_ASCII)
                        .isEqualTo("question");
                accepted.getOutputStream().write("answer".getBytes(US_ASCII));
                accepted.shutdownOutput();
                assertThat(client.getInputStream().readAllBytes())
                        .asString(US_ASCII)
                        .isEqualTo("answer");
            }
        }
    }

    @Test
    void aResetOnOneSideIsAResetOnTheOther() throws IOException {
        try (var proxy = server();
                var port = NodePort.open(0)) {
            port.targets(List.of(address(proxy)));

            try (var client = connect(port)) {
                var accepted = proxy.accept();
                accepted.setSoLinger(true, 0);
                accepted.close();
                assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
            }
        }
    }

    @Test
    void newConnectionsGoToTheNewTargetsAndEstablishedOnesStay() throws IOException {
        try (var old = server();
                var young = server();
                var port = NodePort.open(0)) {
            port.targets(List.of(address(old)));
            try (var first = connect(port);
                    var onOld = old.accept()) {
                port.targets(List.of(address(young)));

                try (var second = connect(port);
                        var onYoung = young.accept()) {
                    first.getOutputStream().write('1');
                    second.getOutputStream().write('2');
                    assertThat(onOld.getInputStream().read()).isEqualTo('1');
                    assertThat(onYoung.getInputStream().read()).isEqualTo('2');
                }
            }
        }
    }

    @Test
    void aTargetThatRefusesIsPassedOver() throws IOException {
        var gone = server();
        gone.close();
        try (var proxy = server();
                var port = NodePort.open(0)) {
            port.targets(List.of(new InetSocketAddress(NodePort.LOOPBACK, gone.getLocalPort()), address(proxy)));

            for (int i = 0; i < 10; i++) {
                try (var client = connect(port);
                        var accepted = proxy.accept()) {
                    client.getOutputStream().write('x');
                    assertThat(accepted.getInputStream().read()).isEqualTo('x');
                }
            }
        }
    }

    @Test
    void withoutAnyTargetAConnectionIsReset() throws IOException {
        try (var port = NodePort.open(0);
                var client = connect(port)) {
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void aTakenPortIsToldWithWhatToDo() throws IOException {
        try (var other = server()) {
            assertThatThrownBy(() -> NodePort.open(other.getLocalPort()))
                    .isInstanceOf(BindException.class)
                    .hasMessageContaining("node port " + other.getLocalPort() + " on 127.0.0.1 is taken")
                    .hasMessageContaining("--port-offset");
        }
    }

    private static ServerSocket server() throws IOException {
        return new ServerSocket(0, 100, InetAddress.ofLiteral(NodePort.LOOPBACK));
    }

    private static InetSocketAddress address(ServerSocket server) {
        return new InetSocketAddress(NodePort.LOOPBACK, server.getLocalPort());
    }

    private static Socket connect(NodePort port) throws IOException {
        return new Socket(NodePort.LOOPBACK, port.port());
    }
}
