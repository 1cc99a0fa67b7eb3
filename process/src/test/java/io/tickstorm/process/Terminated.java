package io.tickstorm.process;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

/** The process that {@link TerminationTest} ends. Arguments: how it drains, and the limit. */
final class Terminated {
    private Terminated() {}

    public static void main(String[] arguments) throws InterruptedException {
        var way = arguments[0];
        if (way.equals("rude")) {
            Termination.atOnce();
        } else {
            Termination.on(drain(way), Duration.parse(arguments[1]), () -> "3 requests");
        }
        System.out.println("ready");
        if (way.equals("exits")) {
            System.exit(7);
        }
        new CountDownLatch(1).await();
    }

    private static Supplier<Future<Void>> drain(String way) {
        return switch (way) {
            case "drains" ->
                () -> {
                    System.out.println("drain started");
                    System.out.println("drain ended");
                    return Future.succeededFuture();
                };
            case "hangs" ->
                () -> {
                    System.out.println("drain started");
                    return Promise.<Void>promise().future();
                };
            case "fails" -> () -> Future.failedFuture("the listener is stuck");
            case "exits" -> Future::succeededFuture;
            default -> throw new IllegalArgumentException(way);
        };
    }
}
