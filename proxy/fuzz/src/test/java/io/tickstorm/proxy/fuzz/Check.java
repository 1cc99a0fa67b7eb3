package io.tickstorm.proxy.fuzz;

import java.util.function.Supplier;

/** What must hold of an input; the fuzzer keeps one for which it does not. */
final class Check {
    private Check() {}

    static void that(boolean holds, Supplier<String> otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise.get());
        }
    }

    static void same(Reading one, Reading other, String how) {
        that(one.equals(other), () -> "read " + how + ": " + other + " (expected: " + one + ")");
    }
}
