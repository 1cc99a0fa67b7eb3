package io.tickstorm.proxy.http1;

import java.util.Locale;

/** Why a message is refused. In a request it is answered with its status; an answer of an upstream that has one becomes a 502. */
public enum Flaw {
    REQUEST_LINE(400, "the request line is not: method SP target SP HTTP/1.1"),
    STATUS_LINE(502, "the status line is not: HTTP/1.1 SP three digits SP reason"),
    METHOD(400, "the method is not a token"),
    TARGET(400, "the request target has a form or a character that a URI cannot have"),
    TARGET_TOO_LONG(414, "the request line is longer than a head may be"),
    VERSION(505, "only HTTP/1.1 and HTTP/1.0 are spoken here"),
    CONNECT(501, "CONNECT is not offered: this is not a forward proxy"),
    TRACE(405, "TRACE is not offered"),
    HEAD_TOO_LARGE(431, "the head is longer than allowed"),
    TOO_MANY_FIELDS(431, "the head has more fields than allowed"),
    BARE_LF(400, "a line ends with LF alone (expected: CR LF)"),
    BARE_CR(400, "a line has a CR that no LF follows"),
    FOLDED(400, "a field value goes on in the next line (obs-fold)"),
    FIELD_NAME(400, "a field name is empty or not a token"),
    SPACE_BEFORE_COLON(400, "white space stands between a field name and its colon"),
    FIELD_VALUE(400, "a field value has a control character"),
    FIELD_REPEATED(400, "a field that may occur once occurs twice"),
    HOST_MISSING(400, "an HTTP/1.1 request needs a Host field"),
    HOST_REPEATED(400, "there is more than one Host field"),
    HOST(400, "the host is not: name or address, optional port"),
    LENGTH(400, "Content-Length is not a decimal number"),
    LENGTH_REPEATED(400, "there is more than one Content-Length"),
    LENGTH_AND_CODING(400, "Content-Length and Transfer-Encoding contradict each other"),
    CODING(501, "the only transfer coding spoken here is: chunked"),
    CODING_REPEATED(400, "there is more than one Transfer-Encoding"),
    CODING_IN_1_0(400, "HTTP/1.0 has no Transfer-Encoding"),
    CONNECTION(400, "the Connection field is not a list of tokens"),
    CONNECTION_NAMES_PROTECTED(400, "the Connection field names a field that is not hop-by-hop"),
    EXPECTATION(417, "the only expectation known here is: 100-continue"),
    PATH_AMBIGUOUS(400, "servers read this path in different ways, and by these it has different routes"),
    CHUNK(400, "the chunked body breaks its grammar"),
    PSEUDO_FIELDS(400, "the pseudo-header fields are not those of one request of HTTP/2"),
    UPPER_CASE(400, "a field name has upper-case letters, which HTTP/2 does not have"),
    CONNECTION_FIELD(400, "a field that is about a connection has no place in HTTP/2"),
    LENGTH_WRONG(400, "the body is not as long as Content-Length says"),
    SWITCHED_UNASKED(502, "protocols were switched though nobody asked");

    private final int status;
    private final String reason;
    private final String label;

    Flaw(int status, String reason) {
        this.status = status;
        this.reason = reason;
        this.label = name().toLowerCase(Locale.ROOT);
    }

    /** The status that answers a request with this flaw. */
    public int status() {
        return status;
    }

    /** What is wrong and what was expected, for the client and the log; ASCII, no line end. */
    public String reason() {
        return reason;
    }

    /** The name in metrics. */
    public String label() {
        return label;
    }
}
