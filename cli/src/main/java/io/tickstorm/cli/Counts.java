package io.tickstorm.cli;

/** Numbers with a noun. */
final class Counts {
    private Counts() {}

    /** {@code 1 backend}, {@code 3 backends}. */
    static String of(long count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }

    /** {@code 1 proxy}, {@code 2 proxies}: a plural of its own. */
    static String of(long count, String noun, String plural) {
        return count + " " + (count == 1 ? noun : plural);
    }
}
