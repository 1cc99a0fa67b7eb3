package io.tickstorm.proxy.route;

/** Where a request goes. */
public sealed interface Choice<T> {
    record Found<T>(T target) implements Choice<T> {}

    /** No route fits it, and nothing is said for that case. */
    record Nowhere<T>() implements Choice<T> {}

    /** It depends on how its path is read, and servers do not agree on that. */
    record Ambiguous<T>() implements Choice<T> {}
}
