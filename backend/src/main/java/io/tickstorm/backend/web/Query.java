package io.tickstorm.backend.web;

import io.vertx.ext.web.RoutingContext;

/** Query parameters as values; the first of a name counts. */
final class Query {
    private Query() {}

    /** @throws BadParameter unless it is absent or a whole number of {@code min..max} */
    static long number(RoutingContext context, String name, long absent, long min, long max) {
        var values = context.queryParam(name);
        if (values.isEmpty()) {
            return absent;
        }
        var text = values.getFirst();
        try {
            var value = Long.parseLong(text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // The same answer as for a number out of range.
        }
        throw new BadParameter(name, text, min + ".." + max);
    }

    /** @throws BadParameter unless it is absent or a number of 0..1 */
    static double share(RoutingContext context, String name, double absent) {
        var values = context.queryParam(name);
        if (values.isEmpty()) {
            return absent;
        }
        var text = values.getFirst();
        try {
            var value = Double.parseDouble(text);
            if (value >= 0 && value <= 1) {
                return value;
            }
        } catch (NumberFormatException e) {
            // The same answer as for a number out of range.
        }
        throw new BadParameter(name, text, "0..1");
    }

    /** @throws BadParameter unless it is absent, {@code true} or {@code false} */
    static boolean flag(RoutingContext context, String name) {
        var values = context.queryParam(name);
        var text = values.isEmpty() ? "false" : values.getFirst();
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new BadParameter(name, text, "true or false");
        };
    }
}
