package io.tickstorm.operator;

import java.util.function.Supplier;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives tests one and the same thing: it is made for the first that asks, and closed after the last one of the JVM. */
public abstract class Shared<T extends AutoCloseable> implements ParameterResolver {
    private final Class<T> type;
    private final Supplier<T> made;

    protected Shared(Class<T> type, Supplier<T> made) {
        this.type = type;
        this.made = made;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == type;
    }

    @Override
    public T resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot().getStore(Namespace.GLOBAL).computeIfAbsent(type, key -> made.get(), type);
    }
}
