package io.tickstorm.proxy.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SectionTest {
    private enum Colour {
        RED,
        GREEN
    }

    @Test
    void readsEachKindOfValue() {
        var section = read("""
                name: web
                port: 80
                on: true
                wait: 1m30s
                size: 64Ki
                bytes: 512
                colour: GREEN
                inner: {name: b}
                items: [{name: c}, {name: d}]
                mixed: [e, {name: f}]
                """);

        assertThat(section.text("name", Syntax.name())).isEqualTo("web");
        assertThat(section.integer("port", 1, 65535)).isEqualTo(80);
        assertThat(section.bool("on", false)).isTrue();
        assertThat(section.duration("wait", Duration.ZERO, Duration.ofHours(1), Duration.ZERO))
                .isEqualTo(Duration.ofSeconds(90));
        assertThat(section.size("size", 0, 1 << 20, 0)).isEqualTo(65536);
        assertThat(section.size("bytes", 0, 1 << 20, 0)).isEqualTo(512);
        assertThat(section.enumeration("colour", Colour.class)).isEqualTo(Colour.GREEN);
        assertThat(section.section("inner", SectionTest::name)).isEqualTo("b");
        assertThat(section.list("items", SectionTest::name)).containsExactly("c", "d");
        assertThat(section.list("mixed", Syntax.name(), SectionTest::name)).containsExactly("e", "f");
        section.end();
        assertThat(section.problems().all()).isEmpty();
    }

    @Test
    void whatIsAbsentOrEmptyHasItsDefault() {
        var section = read("port:\nname: null\n");

        assertThat(section.integer("port", 1, 9, 7)).isEqualTo(7);
        assertThat(section.text("name", Syntax.name(), "x")).isEqualTo("x");
        assertThat(section.optionalText("other", Syntax.name())).isNull();
        assertThat(section.optionalSection("inner", SectionTest::name)).isNull();
        assertThat(section.list("items", SectionTest::name)).isEmpty();
        assertThat(section.problems().all()).isEmpty();
    }

    @Test
    void tellsAllProblemsAtOnceInTheOrderOfTheLines() {
        var section = read("""
                port: 70000
                count: many
                on: yes
                wait: 5
                long: 2h
                size: 1.3
                big: 2Mi
                colour: blue
                inner: 3
                items: {a: b}
                mixed: [true, null]
                """);

        section.list("mixed", Syntax.name(), SectionTest::name);
        section.list("items", SectionTest::name);
        section.section("inner", inner -> "read as empty");
        section.enumeration("colour", Colour.RED);
        section.size("big", 0, 1 << 20, 0);
        section.size("size", 0, 1 << 20, 0);
        section.duration("long", Duration.ZERO, Duration.ofHours(1), Duration.ZERO);
        section.duration("wait", Duration.ZERO, Duration.ofHours(1), Duration.ZERO);
        section.bool("on", false);
        section.integer("count", 0, 9, 1);
        section.integer("port", 1, 65535);
        section.text("name", Syntax.name());
        section.end();

        assertThat(section.problems().messages())
                .containsExactly(
                        "x.yaml:1: port: 70000 (expected: 1..65535)",
                        "x.yaml:1: name: missing (expected: a name of at most 63 of a-z, 0-9 and -)",
                        "x.yaml:2: count: \"many\" (expected: 0..9)",
                        "x.yaml:3: on: \"yes\" (expected: true or false)",
                        "x.yaml:4: wait: 5 (expected: a duration such as 5s, 1m30s or 250ms)",
                        "x.yaml:5: long: 2h (expected: 0s..1h)",
                        "x.yaml:6: size: 1.3 (expected: a size such as 512, 64Ki or 1Mi)",
                        "x.yaml:7: big: 2Mi (expected: 0..1Mi)",
                        "x.yaml:8: colour: \"blue\" (expected: RED or GREEN)",
                        "x.yaml:9: inner: 3 (expected: a mapping)",
                        "x.yaml:10: items: a mapping (expected: a list)",
                        "x.yaml:11: mixed[0]: true (expected: a name of at most 63 of a-z, 0-9 and - or a mapping)",
                        "x.yaml:11: mixed[1]: nothing (expected: a name of at most 63 of a-z, 0-9 and - or a mapping)");
    }

    @Test
    void aNumberTooLongForAnIntegerIsOutOfRange() {
        var section = read("port: 99999999999999999999\n");

        section.integer("port", 1, 65535);

        assertThat(section.problems().messages())
                .containsExactly("x.yaml:1: port: 99999999999999999999 (expected: 1..65535)");
    }

    @Test
    void unknownKeysGetASuggestionWhereOneIsNear() {
        var section = read("""
                inner:
                  prot: 1
                  Name: b
                  elephant: 1
                """);

        section.section("inner", inner -> inner.integer("port", 0, 9, 0) + inner.text("name", Syntax.name(), ""));
        section.end();

        assertThat(section.problems().messages())
                .containsExactly(
                        "x.yaml:2: inner.prot: unknown key (did you mean port?)",
                        "x.yaml:3: inner.Name: unknown key (did you mean name?)",
                        "x.yaml:4: inner.elephant: unknown key (expected: port, name)");
    }

    @Test
    void aKeyGivenTwiceIsAProblemAndTheFirstCounts() {
        var section = read("port: 1\nname: a\nport: 2\n");

        assertThat(section.integer("port", 0, 9)).isOne();
        assertThat(section.problems().messages()).containsExactly("x.yaml:3: port: given twice (first in line 1)");
    }

    @Test
    void judgesTheValuesOfAnotherLibraryUnderTheirOwnPath() {
        var values = new LinkedHashMap<String, Object>();
        values.put("port", 70000L);
        values.put("name", null);
        values.put("ratio", 0.5);
        values.put("inner", Map.of("names", List.of("a", "B")));
        values.put("replicas", 2);
        var problems = new Problems("");
        var section = Section.of(values, "spec.loadBalancer", problems);

        section.integer("port", 1, 65535);
        section.text("name", Syntax.name());
        section.integer("ratio", 0, 9, 0);
        section.section("inner", inner -> inner.list("names", Syntax.name(), SectionTest::name));
        section.ignore("replicas");
        section.end();

        assertThat(problems.messages())
                .containsExactly(
                        "spec.loadBalancer.port: 70000 (expected: 1..65535)",
                        "spec.loadBalancer.name: missing (expected: a name of at most 63 of a-z, 0-9 and -)",
                        "spec.loadBalancer.ratio: 0.5 (expected: 0..9)",
                        "spec.loadBalancer.inner.names[1]: \"B\" (expected: a name of at most 63 of a-z, 0-9 and - or a"
                                + " mapping)");
    }

    @Test
    void aValueOfAnUnknownTypeIsAMistakeOfTheCaller() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Section.of(Map.of("a", new Object()), "", new Problems("")))
                .withMessageContaining("java.lang.Object (expected: a map");
    }

    private static Section read(String yaml) {
        return Yaml.read(yaml, "x.yaml");
    }

    private static String name(Section section) {
        return section.text("name", Syntax.name());
    }
}
