package io.tickstorm.cli.importing.haproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tickstorm.cli.importing.draft.UnreadableException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WordsTest {
    @Test
    void blanksSeparateAndACommentEndsTheLine() throws UnreadableException {
        assertThat(words("  bind\t*:80   # all of them")).containsExactly("bind", "*:80");
        assertThat(words("weight 10#ten")).containsExactly("weight", "10");
        assertThat(words("# nothing")).isEmpty();
    }

    @Test
    void quotesKeepBlanksAndSigns() throws UnreadableException {
        assertThat(words("a 'b # c' \"d ' e\" \"\"")).containsExactly("a", "b # c", "d ' e", "");
        assertThat(words("log-format %{+Q}o\"x y\"'z'")).containsExactly("log-format", "%{+Q}ox yz");
    }

    @Test
    void aBackslashEscapesOutsideOfQuotesAndInDoubleOnes() throws UnreadableException {
        assertThat(words("a\\ b \\#c \\\\ \\\"")).containsExactly("a b", "#c", "\\", "\"");
        assertThat(words("\"GET / HTTP/1.0\\r\\n\" \\x41")).containsExactly("GET / HTTP/1.0\r\n", "A");
        assertThat(words("'\\r\\d'")).containsExactly("\\r\\d");
        assertThat(words("^/x\\.php$")).containsExactly("^/x\\.php$");
    }

    @Test
    void variablesCountInDoubleQuotesOnly() throws UnreadableException {
        assertThat(words("\"$PORT\" \"${PORT}0\" $PORT '$PORT' \"\\$PORT\""))
                .containsExactly("8080", "80800", "$PORT", "$PORT", "$PORT");
        assertThat(words("\"${NONE-9000}\" \"${NONE}\"")).containsExactly("9000", "${NONE}");
    }

    @Test
    void aQuoteThatDoesNotEndIsToldWithItsLine() {
        assertThatThrownBy(() -> words("server \"a"))
                .isInstanceOf(UnreadableException.class)
                .hasMessage("haproxy.cfg:7: a quote \" that does not end (expected: another one on the line)");
    }

    private static List<String> words(String line) throws UnreadableException {
        return Words.of(line, "haproxy.cfg", 7, Map.of("PORT", "8080"));
    }
}
