package io.tickstorm.doctest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.Text;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;

/** One Markdown file of the repository, and what is in it. */
final class Page {
    static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Parser PARSER =
            Parser.builder().includeSourceSpans(IncludeSourceSpans.BLOCKS).build();
    private static final Set<String> NOT_OURS = Set.of("target", "node_modules", ".git", ".mvn");
    private static final Pattern COMMENT = Pattern.compile("^<!--(.*?)-->\\s*$", Pattern.DOTALL);
    private static final Pattern ANCHOR = Pattern.compile("<a (?:id|name)=\"([^\"]+)\"");

    /** From the root of the repository, with slashes. */
    final String name;

    final List<String> links = new ArrayList<>();
    final List<String> codes = new ArrayList<>();
    final List<Block> blocks = new ArrayList<>();
    final Set<String> anchors = new LinkedHashSet<>();

    private Page(Path file) {
        this.name = ROOT.relativize(file).toString();
        try {
            var text = Files.readString(file);
            PARSER.parse(text).accept(new Reader());
            ANCHOR.matcher(text).results().forEach(anchor -> anchors.add(anchor.group(1)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every Markdown file that is ours, in the order of their names. */
    static List<Page> all() throws IOException {
        try (Stream<Path> files =
                Files.find(ROOT, 12, (file, attributes) -> file.toString().endsWith(".md"))) {
            return files.filter(Page::ours).sorted().map(Page::new).toList();
        }
    }

    private static boolean ours(Path file) {
        for (var part : ROOT.relativize(file)) {
            if (NOT_OURS.contains(part.toString())) {
                return false;
            }
        }
        return true;
    }

    Path file() {
        return ROOT.resolve(name);
    }

    private final class Reader extends AbstractVisitor {
        private final Map<String, Integer> headings = new HashMap<>();

        @Override
        public void visit(Link link) {
            links.add(link.getDestination());
            visitChildren(link);
        }

        @Override
        public void visit(Image image) {
            links.add(image.getDestination());
        }

        @Override
        public void visit(Code code) {
            codes.add(code.getLiteral());
        }

        @Override
        public void visit(Heading heading) {
            anchors.add(anchor(words(heading)));
            visitChildren(heading);
        }

        @Override
        public void visit(FencedCodeBlock fenced) {
            var how = How.PLAINLY;
            var first = "";
            for (var before = fenced.getPrevious(); before instanceof HtmlBlock html; before = before.getPrevious()) {
                var comment = COMMENT.matcher(html.getLiteral().strip());
                if (!comment.matches()) {
                    break;
                }
                var says = comment.group(1).strip();
                if (says.startsWith("first:")) {
                    first = says.substring("first:".length()).strip() + "\n" + first;
                } else {
                    var told = How.of(says);
                    how = told == null ? how : told;
                }
            }
            int line = fenced.getSourceSpans().getFirst().getLineIndex() + 1;
            blocks.add(
                    new Block(name, line, String.valueOf(fenced.getInfo()).strip(), fenced.getLiteral(), how, first));
        }

        /** As GitHub makes it; the site is told to do the same. */
        private String anchor(String heading) {
            var base = heading.strip()
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{M}\\p{N}\\p{Pc} -]", "")
                    .replace(' ', '-');
            int before = headings.merge(base, 1, Integer::sum) - 1;
            return before == 0 ? base : base + "-" + before;
        }

        private static String words(Node node) {
            var words = new StringBuilder();
            node.accept(new AbstractVisitor() {
                @Override
                public void visit(Text text) {
                    words.append(text.getLiteral());
                }

                @Override
                public void visit(Code code) {
                    words.append(code.getLiteral());
                }
            });
            return words.toString();
        }
    }
}
