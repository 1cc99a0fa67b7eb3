package io.tickstorm.doctest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every block of a page says what it is, and every command on it is run or says why it is not. */
class BlocksTest {
    /** What begins as people begin to type. */
    private static final Pattern COMMAND = Pattern.compile(
            "^(?:sudo |[A-Z_]+=\\S+ )*(?:kubectl|helm|curl|make|tickstorm|docker|git|java|jq|cd|openssl) \\S");

    private static final Pattern MAKE = Pattern.compile("\\bmake ([a-z][a-z0-9-]*)\\b");

    private final List<Page> pages;

    BlocksTest() throws IOException {
        pages = Page.all();
    }

    @Test
    void commandsAreCalledCommands() {
        assertThat(blocks().filter(block -> !block.hasCommands())
                        .filter(block -> block.language().matches("bash|shell|zsh|shell-session")
                                || block.text().lines().anyMatch(line -> line.startsWith("$ "))
                                || block.language().isEmpty()
                                        && COMMAND.matcher(block.text()).find())
                        .map(Block::where))
                .as(
                        "Write sh for lines that are run as they stand, console for commands after $ with their output; text for"
                                + " what only looks like one")
                .isEmpty();
    }

    @Test
    void whatIsNotRunHereSaysWhoRunsItOrWhyNobodyDoes() {
        var commands = blocks().filter(Block::hasCommands).toList();

        assertThat(commands)
                .hasSizeGreaterThan(20)
                .allSatisfy(
                        block -> assertThat(block.commands()).as(block.where()).isNotEmpty());
        assertThat(commands.stream().map(BlocksTest::doubt).filter(Objects::nonNull))
                .isEmpty();
    }

    @Test
    void everyTargetThatAPageNamesIsInTheMakefile() throws IOException {
        var targets = Pattern.compile("(?m)^([a-z0-9-]+):")
                .matcher(Files.readString(Page.ROOT.resolve("Makefile")))
                .results()
                .map(target -> target.group(1))
                .collect(Collectors.toSet());

        assertThat(pages.stream()
                        .filter(page -> !page.name.equals("CHANGELOG.md"))
                        .flatMap(page -> Stream.concat(
                                        page.codes.stream(),
                                        page.blocks.stream()
                                                .filter(Block::hasCommands)
                                                .map(Block::text))
                                .flatMap(text -> MAKE.matcher(text).results().map(MatchResult::group))
                                .filter(make -> !targets.contains(make.substring("make ".length())))
                                .map(make -> page.name + ": " + make)))
                .isEmpty();
    }

    private static @Nullable String doubt(Block block) {
        if (block.how() instanceof How.By(var file) && !Files.exists(Page.ROOT.resolve(file))) {
            return block.where() + ": run by " + file + ", which is not there";
        }
        if (block.how() instanceof How.Not(var why) && why.length() < 10) {
            return block.where() + ": not run, and does not say why";
        }
        return null;
    }

    private Stream<Block> blocks() {
        return pages.stream().flatMap(page -> page.blocks.stream());
    }
}
