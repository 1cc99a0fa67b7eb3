package io.tickstorm.proxy.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "# nothing\n", "---\n", "{}", "null"})
    void anEmptyTextIsAnEmptyMapping(String text) {
        var section = Yaml.read(text, "x.yaml");

        assertThat(section.isEmpty()).isTrue();
        assertThat(section.problems().all()).isEmpty();
    }

    @Test
    void brokenSyntaxIsAProblemWithItsLine() {
        var section = Yaml.read("a: 1\nb: [1, 2\nc: 3\n", "x.yaml");

        assertThat(section.isEmpty()).isTrue();
        assertThat(section.problems().messages()).singleElement().asString().startsWith("x.yaml:3: not YAML: ");
    }

    @Test
    void textThatIsNoMappingIsAProblem() {
        assertThat(Yaml.read("- a\n", "x.yaml").problems().messages())
                .containsExactly("x.yaml:1: a list (expected: a mapping)");
    }

    @Test
    void aSecondDocumentIsAProblem() {
        assertThat(Yaml.read("a: 1\n---\nb: 2\n", "x.yaml").problems().messages())
                .containsExactly("x.yaml:3: a second document (expected: one)");
    }

    @Test
    void tagsAndOddKeysAreProblems() {
        assertThat(Yaml.read("a: !mine b\n[x]: 1\n", "x.yaml").problems().messages())
                .containsExactly(
                        "x.yaml:1: a: the tag !mine (expected: no tag)",
                        "x.yaml:2: a key that is not a word (expected: a name)");
    }

    @Test
    void anAliasIsReadAsWhatItStandsFor() {
        var section = Yaml.read("a: &x {port: 1}\nb: *x\n", "x.yaml");

        assertThat(section.<Integer>section("b", b -> b.integer("port", 0, 9))).isOne();
    }

    @Test
    void aliasesOfAliasesDoNotMultiply() {
        // 2^25 leaves if each alias were a copy.
        var text = new StringBuilder("a0: &a0 [x, x]\n");
        for (int i = 1; i < 25; i++) {
            text.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
        }

        var section = Yaml.read(text.toString(), "x.yaml");

        assertThat(section.has("a24")).isTrue();
    }

    @Test
    void aMappingThatContainsItselfIsAProblem() {
        assertThat(Yaml.read("a: &a {b: *a}\n", "x.yaml").problems().messages())
                .containsExactly("x.yaml:1: a: contains itself (expected: a tree)");
    }

    @Test
    void nestingWithoutEndIsAProblemNotACrash() {
        assertThat(Yaml.read("[".repeat(100_000), "x.yaml").problems().messages())
                .containsExactly("x.yaml:1: nested too deeply (expected: at most 50 levels)");
    }

    @Test
    void writesInTheOrderGivenAndQuotesWhatWouldBeReadAsSomethingElse() {
        var values = new LinkedHashMap<String, Object>();
        values.put("z", "true");
        values.put("a", List.of(Map.of("n", "123"), Map.of("n", 4)));

        var text = Yaml.write(values);
        var section = Yaml.read(text, "x.yaml");

        assertThat(text).isEqualTo("""
                z: 'true'
                a:
                  - n: '123'
                  - n: 4
                """);
        assertThat(section.text("z", Syntax.anything())).isEqualTo("true");
    }
}
