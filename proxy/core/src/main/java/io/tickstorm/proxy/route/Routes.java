package io.tickstorm.proxy.route;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All targets of one listener, as they were configured; {@link HttpRoutes} finds the one that fits.
 *
 * @param list in the order of the configuration
 * @param otherwise where to go if none of them fits; null = nowhere
 */
public record Routes<T>(List<Route<T>> list, @Nullable T otherwise) {
    public Routes {
        list = List.copyOf(list);
    }

    /** Always the same one. */
    public static <T> Routes<T> to(T target) {
        return new Routes<>(List.of(), target);
    }

    public Stream<T> targets() {
        return Stream.concat(list.stream().map(Route::target), Stream.ofNullable(otherwise));
    }
}
