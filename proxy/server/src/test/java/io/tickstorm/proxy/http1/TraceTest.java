package io.tickstorm.proxy.http1;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of the trace that a request belongs to: W3C Trace Context. */
class TraceTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "b7ad6b7169203331";
    private static final String VALID = "00-" + TRACE + "-" + PARENT + "-01";
    private static final String STATE = "tracestate: a=1\r\nTraceState: b=2\r\n";

    private final RequestHead head = new RequestHead(new HeadLimits(1024, 20));

    private String forwarded(String fields) {
        var in = Buffered.of("GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n");
        try {
            assertThat(head.parse(in)).isEqualTo(Parse.COMPLETE);
        } finally {
            in.release();
        }
        var via = new Via("10.1.2.3", "http", "10.0.0.1:8080");
        return Buffered.text(head.forward(via, new Random(1), ByteBufAllocator.DEFAULT));
    }

    @ParameterizedTest
    @ValueSource(strings = {VALID, "00-" + TRACE + "-" + PARENT + "-00", "cc-" + TRACE + "-" + PARENT + "-09-more"})
    void aTraceIsPassedOnAsItCame(String parent) {
        var fields = "TraceParent: " + parent + "\r\n" + STATE;

        assertThat(forwarded(fields)).contains(fields);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                VALID + "-",
                VALID + "0",
                "00-" + TRACE + "-" + PARENT + "-1",
                "ff-" + TRACE + "-" + PARENT + "-01",
                "cc-" + TRACE + "-" + PARENT + "-01x",
                "00-00000000000000000000000000000000-" + PARENT + "-01",
                "00-" + TRACE + "-0000000000000000-01",
                "00-0AF7651916CD43DD8448EB211C80319C-" + PARENT + "-01",
                "00_" + TRACE + "-" + PARENT + "-01",
                "0g-" + TRACE + "-" + PARENT + "-01"
            })
    void aTraceThatIsNoneGoesWithItsState(String parent) {
        assertThat(forwarded("traceparent: " + parent + "\r\n" + STATE)).doesNotContainIgnoringCase("trace");
    }

    @Test
    void oneOfTwoIsNone() {
        assertThat(forwarded("traceparent: " + VALID + "\r\ntraceparent: " + VALID + "\r\n" + STATE))
                .doesNotContainIgnoringCase("trace");
    }

    @Test
    void stateWithoutATraceGoes() {
        assertThat(forwarded(STATE)).doesNotContainIgnoringCase("trace");
    }

    @Test
    void noTraceIsBegunHere() {
        assertThat(forwarded("")).doesNotContainIgnoringCase("trace");
    }
}
