package io.tickstorm.cli.importing.haproxy;

import io.tickstorm.cli.importing.draft.Said;
import java.util.ArrayList;
import java.util.List;

/**
 * One test, named by {@code acl} or written between braces.
 *
 * @param name empty between braces
 * @param said where it stands
 * @param fetch what is looked at, with its argument, such as {@code hdr(host)}; its match is taken off
 * @param match how, such as {@code beg}
 * @param ignoresCase whether letters are compared without case
 * @param patterns one of which must fit
 */
record Acl(String name, Said said, String fetch, String match, boolean ignoresCase, List<String> patterns) {
    private static final List<String> MATCHES = List.of("beg", "end", "dom", "dir", "sub", "reg", "len");

    /** @param test the criterion, its flags and its patterns */
    static Acl of(String name, Said said, List<String> test) {
        var fetch = test.isEmpty() ? "" : test.getFirst();
        var match = "";
        boolean ignoresCase = false;
        var patterns = new ArrayList<String>();
        for (var suffix : MATCHES) {
            // path_beg is path -m beg, hdr_dom(host) is hdr(host) -m dom
            if (fetch.replaceAll("\\(.*", "").endsWith("_" + suffix)) {
                match = suffix;
                fetch = fetch.replaceFirst("_" + suffix + "(?=\\(|$)", "");
            }
        }
        boolean flags = true;
        for (int i = 1; i < test.size(); i++) {
            var word = test.get(i);
            if (flags && word.equals("-i")) {
                ignoresCase = true;
            } else if (flags && word.equals("-m") && i + 1 < test.size()) {
                match = test.get(++i);
            } else if (flags && word.equals("-f") && i + 1 < test.size()) {
                match = "file";
                patterns.add(test.get(++i));
            } else if (flags && word.equals("--")) {
                flags = false;
            } else if (!flags || !word.equals("-n") && !word.equals("-u")) {
                flags = false;
                patterns.add(word);
            }
        }
        return new Acl(name, said, fetch, match, ignoresCase, List.copyOf(patterns));
    }

    /** What is in the parentheses of the fetch. */
    String argument() {
        int open = fetch.indexOf('(');
        int close = fetch.indexOf(')', open);
        return open < 0 || close < 0 ? "" : fetch.substring(open + 1, close);
    }

    /** The fetch without its argument and converters. */
    String what() {
        return fetch.replaceAll("[(,].*", "");
    }

    /** As it is told to people. */
    String shown() {
        return name.isEmpty() ? "{ " + fetch + " }" : name;
    }
}
