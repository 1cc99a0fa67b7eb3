package io.tickstorm.labs.picture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.List;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

class PictureTest {
    @Test
    void axesEndAtRoundNumbers() {
        var axis = Axis.upTo("ms", 963, false);

        assertThat(axis.ticks()).extracting(Axis.Tick::words).containsExactly("0", "200", "400", "600", "800", "1,000");
        assertThat(axis.place(500)).isEqualTo(0.5);
    }

    @Test
    void aTimeAxisEndsWhereTheLabEnded() {
        var axis = Axis.upTo("seconds", 16, true);

        assertThat(axis.to()).isEqualTo(16);
        assertThat(axis.ticks()).extracting(Axis.Tick::words).containsExactly("0", "5", "10", "15");
    }

    @Test
    void equalFactorsAreEqualStepsOnALogarithmicAxis() {
        var axis = Axis.powers("ms", 1, 10_000);

        assertThat(axis.ticks()).extracting(Axis.Tick::words).containsExactly("1", "10", "100", "1,000", "10,000");
        assertThat(axis.place(100)).isEqualTo(0.5);
    }

    @Test
    void wordsOfLinesThatEndAtOnePlaceDoNotLieOnOneAnother() {
        var end = List.of(new Point(0, 1), new Point(10, 1));
        var svg = Picture.of(
                        "t",
                        "s",
                        Panel.titled("")
                                .x("", 10)
                                .y("", 2)
                                .line("above", Hue.BLUE, end)
                                .line("below\ntwo", Hue.ORANGE, end))
                .svg();

        var heights = Pattern.compile("class=\"name [a-z]+\" x=\"[0-9.]+\" y=\"([0-9.]+)\"")
                .matcher(svg)
                .results()
                .map(match -> Double.parseDouble(match.group(1)))
                .toList();
        assertThat(heights).hasSize(3).isSorted();
        assertThat(heights.get(1) - heights.get(0)).isGreaterThanOrEqualTo(14);
        assertThat(heights.get(2) - heights.get(1)).isGreaterThanOrEqualTo(14);
    }

    @Test
    void anyWordsMakeAWellFormedDocument() throws Exception {
        var svg = Picture.of(
                        "a < b & \"c\"",
                        "what > \"that\"",
                        Panel.titled("<&>")
                                .x("", List.of("a&b", "c"))
                                .bars(Hue.GREEN, List.of(1.0, 0.5), List.of("<1>", "&")))
                .svg();

        var document =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
        assertThat(document.getElementsByTagName("title").item(0).getTextContent())
                .isEqualTo("a < b & \"c\"");
    }

    @Test
    void longTitlesGoOnInTheNextLine() {
        assertThat(Picture.wrapped("one two three four", 8)).containsExactly("one two", "three", "four");
    }
}
