package io.tickstorm.cli.show;

import java.util.ArrayList;
import java.util.List;

/** Lines with lines below them. */
final class Tree {
    private static final int INDENT = 3;
    private static final int LEAST = 20;

    private final String text;
    private final List<Tree> branches = new ArrayList<>();

    Tree(String text) {
        this.text = text;
    }

    Tree add(String branch) {
        var tree = new Tree(branch);
        branches.add(tree);
        return tree;
    }

    String write(Style style) {
        var out = new StringBuilder();
        fold(text, "", "", style, out);
        branches(style, "", out);
        return out.toString();
    }

    private void branches(Style style, String before, StringBuilder out) {
        for (int i = 0; i < branches.size(); i++) {
            var last = i == branches.size() - 1;
            var branch = branches.get(i);
            var below = before + (last ? "   " : style.lines() ? "│  " : "|  ");
            var own = before + (last ? (style.lines() ? "└─ " : "`- ") : style.lines() ? "├─ " : "+- ");
            fold(
                    branch.text,
                    own,
                    below + (branch.branches.isEmpty() ? "  " : style.lines() ? "│ " : "| "),
                    style,
                    out);
            branch.branches(style, below, out);
        }
    }

    /** Words that do not fit go to further lines, under the text and not under the branch. */
    static void fold(String text, String first, String further, Style style, StringBuilder out) {
        var room = Math.max(LEAST, style.width() - first.length() - INDENT);
        var line = new StringBuilder();
        var prefix = first;
        for (var word : text.split(" ", -1)) {
            if (!line.isEmpty() && Style.columns(line.toString()) + 1 + Style.columns(word) > room) {
                out.append(prefix).append(line).append('\n');
                prefix = further;
                line.setLength(0);
            } else if (!line.isEmpty()) {
                line.append(' ');
            }
            line.append(word);
        }
        out.append(prefix).append(line).append('\n');
    }
}
