package io.tickstorm.proxy.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DifferenceTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static Reading ours(String text) {
        return new Ours.Requests(Ours.LIMITS).read(bytes(text), text.length());
    }

    @Test
    void bothReadersReadTheSame() {
        var text = "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
                + "GET http://h?q HTTP/1.1\r\nHost: b\r\n\r\n";

        assertThat(ours(text)).isEqualTo(Nettys.requests(bytes(text)));
        assertThat(ours(text).messages())
                .containsExactly(new Message("POST /a", "abc", true), new Message("GET /?q", "", true));
    }

    @Test
    void aDifferenceThatIsNotListedIsFound() {
        var netty = Nettys.requests(bytes("GET /b HTTP/1.1\r\nHost: a\r\n\r\n"));

        assertThatThrownBy(() -> Difference.explain(ours("GET /a HTTP/1.1\r\nHost: a\r\n\r\n"), netty))
                .hasMessageContaining("GET /a")
                .hasMessageContaining("GET /b");
        assertThatThrownBy(() -> Difference.explain(ours("GET /b HTTP/1.1\r\n"), netty))
                .hasMessageContaining("we wait");
        assertThatThrownBy(() -> Difference.explain(ours("GET /b HTTP/1.1\r\nX: \0\r\n\r\n"), netty))
                .hasMessageContaining("not explained");
    }

    @Test
    void everyDifferenceIsInTheDocuments() throws Exception {
        var page = Files.readString(Path.of("..", "..", "docs", "http1.md"));

        Difference.STRICTER.forEach(
                (flaw, why) -> assertThat(page).contains("| " + flaw.reason() + " | " + why + " |"));
        Difference.LAXER.values().forEach(why -> assertThat(page).contains(why));
    }
}
