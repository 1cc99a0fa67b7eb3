package io.tickstorm.proxy.tcp;

import static io.tickstorm.proxy.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A proxy that has no descriptor left for one more connection, in a process of its own. */
class FewDescriptorsTest {
    private static final int DESCRIPTORS = 300;
    private static final Pattern OVER = Pattern.compile(".*accepting again, after ([0-9]+) vain attempts");

    @Test
    void sessionsGoOnAndConnectionsWaitUntilThereAreDescriptorsAgain() throws Exception {
        try (var herd = Herd.start();
                var proxy = FewDescriptors.start(DESCRIPTORS, herd.serve());
                var running = connect(proxy.serving())) {
            assertThat(echo(running, "before")).isEqualTo("before");

            var waiting = new ArrayList<Socket>();
            for (int i = 0; i < DESCRIPTORS + 50; i++) {
                waiting.add(connect(proxy.waiting()));
            }
            await("descriptors have run out", () -> logged(proxy, "no connection can be accepted") > 0);
            assertThat(echo(running, "meanwhile")).isEqualTo("meanwhile");
            for (var socket : waiting) {
                Relay.leave(socket);
            }

            try (var late = connect(proxy.serving())) {
                assertThat(echo(late, "after")).isEqualTo("after");
            }
            await("it says that it is over", () -> logged(proxy, "accepting again") > 0);
            assertThat(proxy.log().stream()
                            .map(OVER::matcher)
                            .filter(line -> line.matches())
                            .mapToInt(line -> Integer.parseInt(line.group(1))))
                    .as("a listener that does not pause tries in vain as often as its loop turns")
                    .allMatch(attempts -> attempts < 100);
        }
    }

    private static long logged(FewDescriptors proxy, String text) {
        return proxy.log().stream().filter(line -> line.contains(text)).count();
    }

    private static Socket connect(int port) throws IOException {
        var socket = new Socket(InetAddress.getByName("127.0.0.1"), port);
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static String echo(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        return new String(socket.getInputStream().readNBytes(text.length()), StandardCharsets.US_ASCII);
    }
}
