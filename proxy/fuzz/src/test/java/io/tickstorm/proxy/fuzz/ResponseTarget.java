package io.tickstorm.proxy.fuzz;

/** Responses: the same whatever pieces they come in, and as Netty reads them or refused for a known reason. */
public final class ResponseTarget {
    private ResponseTarget() {}

    public static void fuzzerTestOneInput(byte[] input) {
        var ours = new Ours.Responses(Ours.LIMITS).read(input, Math.max(1, input.length));
        Check.same(ours, new Ours.Responses(Ours.LIMITS).read(input, 1), "in pieces of one byte");
        Difference.explain(ours, Nettys.responses(input));
    }
}
