package io.tickstorm.proxy.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpRoutesTest {
    private static final int REQUESTS = 20_000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** A request whose bytes are made once, as those of a head are. */
    private record Parsed(byte[] bytes, int hostStart, int hostEnd, int pathStart, int pathEnd) implements Asking {
        static Parsed of(String host, String path) {
            var request = Request.of(host, path);
            return new Parsed(
                    request.bytes(), request.hostStart(), request.hostEnd(), request.pathStart(), request.pathEnd());
        }

        @Override
        public boolean hasHeader(String name) {
            return false;
        }

        @Override
        public boolean hasHeader(String name, String value) {
            return false;
        }
    }

    private static Route<Integer> route(int number, String host, String path) {
        return new Route<>("", new HttpConditions(List.of(host(host)), prefix(path), List.of()), number);
    }

    private static HostPattern host(String text) {
        return Objects.requireNonNull(HostPattern.parse(text), text);
    }

    private static PathPrefix prefix(String text) {
        return Objects.requireNonNull(PathPrefix.parse(text), text);
    }

    @ParameterizedTest
    @CsvSource({"1, /", "1, /api", "1000, /", "1000, /api/v1"})
    void aPlainRequestCostsNoMemory(int hosts, String path) {
        var routes = new HttpRoutes<>(new Routes<>(
                IntStream.range(0, hosts)
                        .mapToObj(i -> route(i, (i % 2 == 0 ? "" : "*.") + "h" + i + ".example", path))
                        .toList(),
                null));
        var request = Parsed.of("h" + (hosts - 2 + hosts % 2) + ".example", path + "/x%20y/z");
        assertThat(routes.choose(request)).isInstanceOf(Choice.Found.class);
        choose(routes, request);

        long before = threads.getCurrentThreadAllocatedBytes();
        choose(routes, request);
        long bytes = threads.getCurrentThreadAllocatedBytes() - before;

        // A hundredth of a byte over, for what the JVM does on the side.
        assertThat((double) bytes / REQUESTS).isLessThan(0.01);
    }

    private static void choose(HttpRoutes<Integer> routes, Parsed request) {
        for (int i = 0; i < REQUESTS; i++) {
            if (!(routes.choose(request) instanceof Choice.Found<Integer>)) {
                throw new AssertionError("no route");
            }
        }
    }

    @Test
    void eachOfAThousandHostsAndPathsFindsItsOwn() {
        var routes = new HttpRoutes<>(new Routes<>(
                IntStream.range(0, 1_000)
                        .mapToObj(i -> route(i, "h" + i / 10 + ".example", "/p" + i % 10))
                        .toList(),
                null));

        for (int i = 0; i < 1_000; i++) {
            assertThat(routes.choose(Parsed.of("h" + i / 10 + ".example", "/p" + i % 10 + "/x")))
                    .isEqualTo(new Choice.Found<>(i));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "A.example, a.example",
        "*.B.example, *.b.example",
        "10.0.0.1, 10.0.0.1",
        "::1, [0:0:0:0:0:0:0:1]",
        "[2001:DB8::1], [2001:db8:0:0:0:0:0:1]"
    })
    void hostsHaveOneSpelling(String text, String expected) {
        assertThat(host(text)).hasToString(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "*.",
                "*.10.0.0.1",
                "*.::1",
                "a.*.example",
                "a.example:80",
                "[::1]:80",
                "[a]",
                "a_b",
                "a.",
                "10.1",
                "fe80::1%eth0"
            })
    void whatIsNoHostIsRefused(String text) {
        assertThat(HostPattern.parse(text)).isNull();
    }

    @ParameterizedTest
    @CsvSource({"/, /", "/a/, /a", "/a/b, /a/b", "/%7eu/%c3%a9, /~u/%C3%A9", "/a:b@c, /a:b@c"})
    void prefixesHaveOneSpelling(String text, String expected) {
        assertThat(prefix(text)).hasToString(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "//",
                "/a//b",
                "/a/../b",
                "/.",
                "/%2e%2e/a",
                "/a;b",
                "/a\\b",
                "/a%2Fb",
                "/a%5cb",
                "/a%00",
                "/a%",
                "/a%2",
                "/a?b",
                "/a b",
                "/ä"
            })
    void whatIsNoPrefixIsRefused(String text) {
        assertThat(PathPrefix.parse(text)).isNull();
    }
}
