package io.tickstorm.doctest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class OutputTest {
    @Test
    void wordsAndNumbersMustBeThoseShown() {
        assertThat(Output.matches(List.of("ready on 8404", "bye"), "ready on 8404\nbye\n", false))
                .isTrue();
        assertThat(Output.matches(List.of("ready on 8404"), "ready on 8405\n", false))
                .isFalse();
        assertThat(Output.matches(List.of("ready"), "ready\nand more\n", false)).isFalse();
    }

    @Test
    void threeDotsStandForAnything() {
        assertThat(Output.matches(List.of("begin", "...", "end"), "begin\na\nb\nend\n", false))
                .isTrue();
        assertThat(Output.matches(List.of("took ... in all"), "took 3 s in all\n", false))
                .isTrue();
        assertThat(Output.matches(List.of("begin", "...", "end"), "begin\na\n", false))
                .isFalse();
    }

    @Test
    void numbersMayDifferWhereTheySayToWordsNever() {
        assertThat(Output.matches(
                        List.of("200 after 50.7 ms, id 704638671c14b05d"), "200 after 9 ms, id ffff0123ffff0123", true))
                .isTrue();
        assertThat(Output.matches(List.of("200 after 50.7 ms"), "200 before 9 ms", true))
                .isFalse();
    }
}
