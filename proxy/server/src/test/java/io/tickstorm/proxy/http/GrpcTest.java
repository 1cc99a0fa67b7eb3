package io.tickstorm.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.tickstorm.proxy.endpoint.Endpoint;
import io.tickstorm.proxy.endpoint.EndpointId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients and servers that Java services have, with the balancer between. */
class GrpcTest {
    private static final MethodDescriptor<String, String> UNARY = method("Unary", MethodType.UNARY);
    private static final MethodDescriptor<String, String> COUNT = method("Count", MethodType.SERVER_STREAMING);
    private static final MethodDescriptor<String, String> JOIN = method("Join", MethodType.CLIENT_STREAMING);
    private static final MethodDescriptor<String, String> TALK = method("Talk", MethodType.BIDI_STREAMING);

    private final CompletableFuture<Void> called = new CompletableFuture<>();
    private final CompletableFuture<Void> cancelled = new CompletableFuture<>();
    private final AtomicInteger hanging = new AtomicInteger();
    private final List<Server> servers = new ArrayList<>();
    private Balancer balancer;
    private ManagedChannel channel;

    private static MethodDescriptor<String, String> method(String name, MethodType type) {
        return MethodDescriptor.<String, String>newBuilder()
                .setType(type)
                .setFullMethodName("test.Words/" + name)
                .setRequestMarshaller(new Text())
                .setResponseMarshaller(new Text())
                .build();
    }

    private static final class Text implements MethodDescriptor.Marshaller<String> {
        @Override
        public InputStream stream(String value) {
            return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String parse(InputStream stream) {
            try {
                return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @BeforeEach
    void begin() throws IOException {
        var endpoints = new Endpoint[] {start(), start()};
        balancer = Balancer.with("{protocol: HTTP2}").before(endpoints);
        channel = NettyChannelBuilder.forAddress(
                        "127.0.0.1", balancer.listener().number())
                .usePlaintext()
                .build();
    }

    @AfterEach
    void end() throws InterruptedException {
        channel.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
        balancer.close();
        for (var server : servers) {
            server.shutdownNow().awaitTermination();
        }
    }

    private Endpoint start() throws IOException {
        var service = ServerServiceDefinition.builder("test.Words")
                .addMethod(UNARY, ServerCalls.asyncUnaryCall(this::unary))
                .addMethod(COUNT, ServerCalls.asyncServerStreamingCall(GrpcTest::count))
                .addMethod(JOIN, ServerCalls.asyncClientStreamingCall(GrpcTest::join))
                .addMethod(TALK, ServerCalls.asyncBidiStreamingCall(GrpcTest::talk))
                .build();
        var server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(service)
                .build()
                .start();
        servers.add(server);
        return Endpoint.active(new EndpointId("uid-" + server.getPort(), "127.0.0.1", server.getPort()), "grpc");
    }

    private void unary(String word, StreamObserver<String> answer) {
        switch (word) {
            case "unknown" ->
                answer.onError(Status.NOT_FOUND.withDescription("no such word").asRuntimeException());
            case "hang" -> {
                ((ServerCallStreamObserver<String>) answer).setOnCancelHandler(() -> cancelled.complete(null));
                hanging.incrementAndGet();
                called.complete(null);
            }
            default -> {
                answer.onNext("heard " + word);
                answer.onCompleted();
            }
        }
    }

    /** Counts up to a number, then fails if it is odd. */
    private static void count(String number, StreamObserver<String> answer) {
        int end = Integer.parseInt(number);
        for (int i = 0; i < end; i++) {
            answer.onNext(Integer.toString(i));
        }
        if (end % 2 == 0) {
            answer.onCompleted();
        } else {
            answer.onError(Status.DATA_LOSS.withDescription("odd").asRuntimeException());
        }
    }

    private static StreamObserver<String> join(StreamObserver<String> answer) {
        var all = new StringBuilder();
        return new Words(all::append, () -> {
            answer.onNext(all.toString());
            answer.onCompleted();
        });
    }

    private static StreamObserver<String> talk(StreamObserver<String> answer) {
        return new Words(word -> answer.onNext("re " + word), answer::onCompleted);
    }

    /** What comes on a stream. */
    private record Words(Consumer<String> next, Runnable end) implements StreamObserver<String> {
        @Override
        public void onNext(String word) {
            next.accept(word);
        }

        @Override
        public void onError(Throwable cause) {
            end.run();
        }

        @Override
        public void onCompleted() {
            end.run();
        }
    }

    private String ask(String word) {
        return ClientCalls.blockingUnaryCall(channel, UNARY, options(), word);
    }

    private static CallOptions options() {
        return CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    @Test
    void oneWordIsAnswered() {
        assertThat(ask("word")).isEqualTo("heard word");
    }

    @Test
    void anAnswerOfTrailersOnlyKeepsItsStatus() {
        var failure = catchThrowableOfType(StatusRuntimeException.class, () -> ask("unknown"));

        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
        assertThat(failure.getStatus().getDescription()).isEqualTo("no such word");
    }

    @Test
    void aStreamFromTheServerComesWhole() {
        var words = new ArrayList<String>();
        ClientCalls.blockingServerStreamingCall(channel, COUNT, options(), "1000")
                .forEachRemaining(words::add);

        assertThat(words)
                .isEqualTo(IntStream.range(0, 1000).mapToObj(Integer::toString).toList());
    }

    @Test
    void theStatusBehindAStreamIsKept() {
        var words = new ArrayList<String>();
        var failure = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> ClientCalls.blockingServerStreamingCall(channel, COUNT, options(), "3")
                        .forEachRemaining(words::add));

        assertThat(words).containsExactly("0", "1", "2");
        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.DATA_LOSS);
        assertThat(failure.getStatus().getDescription()).isEqualTo("odd");
    }

    @Test
    void aStreamFromTheClientComesWhole() throws InterruptedException {
        BlockingQueue<String> answers = new LinkedBlockingQueue<>();
        var to = ClientCalls.asyncClientStreamingCall(
                channel.newCall(JOIN, options()), new Words(answers::add, () -> {}));
        for (int i = 0; i < 100; i++) {
            to.onNext("x");
        }
        to.onCompleted();

        assertThat(answers.poll(20, TimeUnit.SECONDS)).isEqualTo("x".repeat(100));
    }

    @Test
    void eachWordOfATalkIsAnsweredBeforeTheNextIsSaid() throws InterruptedException {
        BlockingQueue<String> answers = new LinkedBlockingQueue<>();
        var to = ClientCalls.asyncBidiStreamingCall(
                channel.newCall(TALK, options()), new Words(answers::add, () -> answers.add("end")));
        for (int i = 0; i < 20; i++) {
            to.onNext("word " + i);
            assertThat(answers.poll(20, TimeUnit.SECONDS)).isEqualTo("re word " + i);
        }
        to.onCompleted();

        assertThat(answers.poll(20, TimeUnit.SECONDS)).isEqualTo("end");
    }

    @Test
    void aDeadlineReachesTheServerAndEndsTheCall() {
        var soon = CallOptions.DEFAULT.withDeadlineAfter(2, TimeUnit.SECONDS);
        var failure = catchThrowableOfType(
                StatusRuntimeException.class, () -> ClientCalls.blockingUnaryCall(channel, UNARY, soon, "hang"));

        assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        cancelled.orTimeout(20, TimeUnit.SECONDS).join();
    }

    @Test
    void aCancelledCallIsCancelledAtTheServer() {
        var call = channel.newCall(UNARY, CallOptions.DEFAULT);
        var answer = ClientCalls.futureUnaryCall(call, "hang");
        called.orTimeout(20, TimeUnit.SECONDS).join();

        answer.cancel(true);

        cancelled.orTimeout(20, TimeUnit.SECONDS).join();
    }

    @Test
    void callsOfAServerThatIsKilledFailAndLaterOnesGoElsewhere() throws Exception {
        var calls = new ArrayList<Future<String>>();
        for (int i = 0; i < 10; i++) {
            calls.add(ClientCalls.futureUnaryCall(channel.newCall(UNARY, options()), "hang"));
        }
        Balancer.await("all hang", () -> hanging.get() == calls.size());

        servers.getFirst().shutdownNow().awaitTermination();

        for (int i = 0; i < 20; i++) {
            assertThat(ask("word " + i)).isEqualTo("heard word " + i);
        }
        int unavailable = 0;
        for (var call : calls) {
            if (call.isDone()) {
                var failure = catchThrowableOfType(ExecutionException.class, call::get);
                assertThat(Status.fromThrowable(failure).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
                unavailable++;
            }
        }
        assertThat(unavailable).isBetween(1, calls.size());
        assertThat(hanging).as("none was done twice").hasValue(calls.size());
    }
}
