package io.tickstorm.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.listener.Protocol;
import io.tickstorm.proxy.settings.Section;
import io.tickstorm.proxy.settings.Syntax;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SurveyTest {
    private final Survey survey = Survey.of(SurveyTest::read);

    private static void read(Section section) {
        var protocol = section.enumeration("protocol", Protocol.HTTP);
        if (protocol == Protocol.TCP) {
            section.bool("onlyTcp", false);
        }
        section.integer("both", 1, 9, protocol == Protocol.HTTP ? 2 : 3);
        if (!section.has("other")) {
            section.text("one", Syntax.name());
        } else {
            section.size("other", 0, 9, 0);
        }
        section.optionalSection("maybe", maybe -> maybe.enumeration("word", Protocol.class));
        section.list("items", item -> item.text("name", Syntax.name()));
    }

    @Test
    void keysThatComeWithAWordOrByBeingThereAreFoundInTheirPlaces() {
        assertThat(survey.paths())
                .containsExactly(
                        "protocol", "onlyTcp", "both", "other", "one", "maybe", "maybe.word", "items", "items[].name");
    }

    @Test
    void theWordThatAKeyComesWithIsKnown() {
        assertThat(survey.conditions("onlyTcp")).isEqualTo(Map.of("protocol", Set.of("TCP")));
        assertThat(survey.conditions("both")).isEmpty();
        assertThat(survey.conditions("one")).isEmpty();
    }

    @Test
    void aDefaultThatDependsOnAWordIsToldForEach() {
        assertThat(survey.fallbacks("both")).isEqualTo(Map.of("HTTP", "2", "TCP", "3"));
        assertThat(survey.fallbacks("onlyTcp")).isEqualTo(Map.of("", "false"));
        assertThat(survey.key("maybe.word").required()).isTrue();
        assertThat(List.of(survey.key("other").range(), survey.key("both").range()))
                .containsExactly("0..9", "1..9");
    }
}
