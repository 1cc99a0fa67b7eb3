package io.tickstorm.proxy.transport.splice;

import static io.tickstorm.proxy.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.Native;
import io.netty.channel.unix.FileDescriptor;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class PipesTest {
    @BeforeAll
    static void loadsTheLibrary() {
        Epoll.ensureAvailability();
    }

    /** The first who asks gets none: the system calls are linked then. */
    private static Pipes pipes(int most, int large) {
        var pipes = new Pipes(most, large);
        await("the system calls to be linked", () -> {
            var first = pipes.open();
            if (first != null) {
                first.close();
            }
            return first != null;
        });
        return pipes;
    }

    @Test
    void thereAreSoManyAndNoMore() {
        var pipes = pipes(2, 0);
        var first = pipes.open();
        var second = pipes.open();

        assertThat(pipes.open()).isNull();
        first.close();
        var third = pipes.open();

        assertThat(third).isNotNull();
        assertThat(pipes.inUse()).isEqualTo(2);
        second.close();
        third.close();
        assertThat(pipes.inUse()).isZero();
    }

    @Test
    void bytesGoThroughInTheirOrderAndThenTheEnd() throws Exception {
        var from = FileDescriptor.pipe();
        var to = FileDescriptor.pipe();
        try (var pipe = pipes(1, 1).open()) {
            var sent = ByteBuffer.allocateDirect(40_000);
            for (int i = 0; i < sent.capacity(); i++) {
                sent.put(i, (byte) (i * 31));
            }

            assertThat(pipe.fill(from[0])).isEqualTo(Pipe.NOT_NOW);
            from[1].write(sent, 0, sent.capacity());
            assertThat(pipe.fill(from[0])).isEqualTo(sent.capacity());
            assertThat(pipe.held()).isEqualTo(sent.capacity());
            assertThat(pipe.drain(to[1])).isEqualTo(sent.capacity());
            assertThat(pipe.held()).isZero();
            from[1].close();
            assertThat(pipe.fill(from[0])).isEqualTo(Pipe.END);

            var received = ByteBuffer.allocateDirect(sent.capacity());
            assertThat(to[0].read(received, 0, received.capacity())).isEqualTo(sent.capacity());
            assertThat(received).isEqualTo(sent);
        } finally {
            from[0].close();
            to[0].close();
            to[1].close();
        }
    }

    @Test
    void whereTheKernelDoesNotSpliceNobodyGetsAPipeAnyMore() throws Exception {
        var pipes = pipes(2, 0);
        var neverSpliced = Native.newEpollCreate();
        try (var pipe = pipes.open()) {
            assertThat(pipe.fill(neverSpliced)).isEqualTo(Pipe.REFUSED);

            assertThat(pipes.open()).isNull();
        } finally {
            neverSpliced.close();
        }
    }
}
