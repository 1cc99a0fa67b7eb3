package io.tickstorm.proxy.tls;

/** What made TLS fail, in words: engines wrap it, and say only on the outside that there was a problem. */
public final class Reasons {
    private Reasons() {}

    /** What the innermost cause says; its kind, if it says nothing. */
    public static String of(Throwable failure) {
        var root = failure;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        var said = root.getMessage();
        return said == null || said.isBlank() ? root.getClass().getSimpleName() : said;
    }
}
