package io.tickstorm.proxy.fuzz;

import io.tickstorm.proxy.http1.Flaw;
import java.util.EnumMap;
import java.util.Map;

/**
 * Where Netty's decoder and we read the same bytes in another way, and why. What is not listed here fails the fuzzing; the list is
 * also a table in {@code docs/http1.md}.
 *
 * <p>Beside these there are differences of time alone: who refuses a message may do so at a byte at which the other still waits for
 * the end of a line or of the head. What both read whole means the same to both: method and target, or status, and body.
 */
final class Difference {
    private static final String BODILESS = "Netty does not look at the framing of a response that has no body";

    /** What Netty reads as a whole message and we refuse. */
    static final Map<Flaw, String> STRICTER = new EnumMap<>(Map.ofEntries(
            Map.entry(Flaw.BARE_CR, "Netty trims a CR at the edge of a value; RFC 9110 section 5.5 calls it dangerous"),
            Map.entry(Flaw.BARE_LF, "Netty skips control characters before a message; a line ends with CR LF only"),
            Map.entry(Flaw.CHUNK, "Netty takes trailer lines that are no fields; they would go on to servers"),
            Map.entry(
                    Flaw.CODING,
                    "Netty leaves codings that it does not know to its user; a body in one cannot be framed"),
            Map.entry(
                    Flaw.CODING_IN_1_0, "Netty lets a response of HTTP/1.0 be chunked; RFC 9112 section 6.1 has none"),
            Map.entry(Flaw.CODING_REPEATED, BODILESS),
            Map.entry(Flaw.CONNECT, "Netty serves forward proxies too"),
            Map.entry(
                    Flaw.CONNECTION, "Netty does not read this field; we strip what it names, so it must be readable"),
            Map.entry(Flaw.CONNECTION_NAMES_PROTECTED, "Netty does not read this field"),
            Map.entry(Flaw.EXPECTATION, "Netty leaves expectations to its user"),
            Map.entry(Flaw.FIELD_NAME, "Netty takes a line without a colon in places for the end of a value"),
            Map.entry(Flaw.FIELD_REPEATED, "Netty keeps both, and servers differ in which of them counts"),
            Map.entry(Flaw.FOLDED, "Netty joins folded lines; servers behind us may not"),
            Map.entry(Flaw.HEAD_TOO_LARGE, "the limit in this comparison is ours alone"),
            Map.entry(Flaw.HOST, "Netty does not read this field; it decides where a request goes"),
            Map.entry(Flaw.HOST_MISSING, "Netty leaves RFC 9112 section 3.2 to its user"),
            Map.entry(Flaw.HOST_REPEATED, "Netty leaves RFC 9112 section 3.2 to its user"),
            Map.entry(Flaw.LENGTH, BODILESS),
            Map.entry(Flaw.LENGTH_AND_CODING, BODILESS),
            Map.entry(Flaw.LENGTH_REPEATED, BODILESS),
            Map.entry(Flaw.METHOD, "Netty skips control characters before a message, and some in it"),
            Map.entry(
                    Flaw.REQUEST_LINE,
                    "Netty splits the line at any white space (RFC 9112 section 3: optional leniency)"),
            Map.entry(
                    Flaw.SPACE_BEFORE_COLON,
                    "Netty strips it from a response, as RFC 9112 section 5.1 lets a proxy do"),
            Map.entry(Flaw.STATUS_LINE, "Netty splits the line at any white space, and reads any number as a status"),
            Map.entry(Flaw.TARGET, "Netty takes any text for a target"),
            Map.entry(Flaw.TARGET_TOO_LONG, "the limit in this comparison is ours alone"),
            Map.entry(Flaw.TOO_MANY_FIELDS, "the limit in this comparison is ours alone"),
            Map.entry(Flaw.TRACE, "Netty leaves methods to its user"),
            Map.entry(Flaw.VERSION, "Netty reads any version, that of other protocols too")));

    /** What we read as a whole message and Netty refuses, by the name of its exception. */
    static final Map<String, String> LAXER = Map.of(
            "InvalidChunkExtensionException",
            "Netty judges the words of chunk extensions; nobody heeds them, and for us they only hold no line end",
            "TransferEncodingNotAllowedException",
            "HTTP/1.2 to 1.9 count as HTTP/1.1 (RFC 9110 section 2.5), for Netty only where nothing is chunked");

    private Difference() {}

    /** Fails if there is a difference that is not known. */
    static void explain(Reading ours, Reading netty) {
        for (int i = 0; i < Math.min(ours.messages().size(), netty.messages().size()); i++) {
            same(ours.messages().get(i), netty.messages().get(i));
        }
        if (ours.whole() > netty.whole() && netty.refused()) {
            Check.that(
                    LAXER.keySet().stream().anyMatch(netty.refusal()::contains),
                    () -> "we read " + ours + ", which Netty refuses: " + netty);
        } else if (netty.whole() > ours.whole()) {
            Check.that(ours.refused(), () -> "we wait: " + ours + ", where Netty reads on: " + netty);
            Check.that(
                    STRICTER.containsKey(Flaw.valueOf(ours.refusal())),
                    () -> "refused for a reason that is not explained: " + ours + ", read by Netty: " + netty);
        }
    }

    private static void same(Message ours, Message netty) {
        boolean body = ours.whole() && netty.whole()
                ? ours.body().equals(netty.body())
                : ours.body().startsWith(netty.body()) || netty.body().startsWith(ours.body());
        Check.that(ours.start().equals(netty.start()) && body, () -> "read as " + ours + ", by Netty as " + netty);
    }
}
