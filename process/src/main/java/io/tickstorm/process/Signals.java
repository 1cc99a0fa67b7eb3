package io.tickstorm.process;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;

/**
 * Signals of the operating system.
 *
 * <p>By reflection on {@code sun.misc.Signal} of {@code jdk.unsupported}: the JDK has no supported way, and javac warns of
 * every direct use of this one without a category that could be switched off for it alone. An image's run time must
 * contain that module.
 */
final class Signals {
    private Signals() {}

    /** Runs {@code action} on a new thread for every signal {@code SIG<name>}, in place of what the JVM would do. */
    static void handle(String name, Runnable action) {
        try {
            var signal = Class.forName("sun.misc.Signal");
            var handler = Class.forName("sun.misc.SignalHandler");
            var proxy = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, onHandle(action));
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("SIG" + name + " cannot be handled on this run time", e);
        }
    }

    private static InvocationHandler onHandle(Runnable action) {
        return (proxy, method, arguments) -> switch (method.getName()) {
            case "handle" -> {
                action.run();
                yield null;
            }
            case "hashCode" -> System.identityHashCode(proxy);
            case "equals" -> proxy == arguments[0];
            default -> "SignalHandler of " + action;
        };
    }
}
