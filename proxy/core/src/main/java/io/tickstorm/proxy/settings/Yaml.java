package io.tickstorm.proxy.settings;

import io.tickstorm.proxy.settings.Value.Mapping;
import io.tickstorm.proxy.settings.Value.Scalar;
import io.tickstorm.proxy.settings.Value.Sequence;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** YAML 1.2 text to {@link Section}, and values to text. */
public final class Yaml {
    // A configuration of ours nests five levels.
    private static final int MOST_NESTED = 50;

    private Yaml() {}

    /**
     * Reads one document that is a mapping. Anything else, broken syntax included, is a problem of the section, which is
     * then empty; an empty text is an empty mapping. Anchors and aliases may be used, merge keys and tags may not.
     *
     * @param source the name of the text for messages, for example its file name
     */
    public static Section read(String text, String source) {
        var problems = new Problems(source);
        return new Section(root(text, problems), "", problems);
    }

    /** Writes maps, lists, strings, numbers and booleans in block style, keys in the order of the map. */
    public static String write(Map<String, ?> values) {
        var settings = DumpSettings.builder()
                .setDefaultFlowStyle(FlowStyle.BLOCK)
                .setIndicatorIndent(2)
                .setIndentWithIndicator(true)
                .setDereferenceAliases(true)
                .build();
        return new Dump(settings).dumpToString(values);
    }

    private static Mapping root(String text, Problems problems) {
        var empty = new Mapping(List.of(), 0);
        try {
            var settings = LoadSettings.builder().setAllowNonScalarKeys(true).build();
            if (nestedTooDeeply(text, settings, problems)) {
                return empty;
            }
            var documents = new Compose(settings).composeAllFromString(text).iterator();
            if (!documents.hasNext()) {
                return empty;
            }
            var root = new Conversion(problems).value(documents.next(), "");
            if (documents.hasNext()) {
                problems.add("", line(documents.next()), "a second document (expected: one)");
            }
            if (root instanceof Mapping mapping) {
                return mapping;
            }
            if (!root.isNull()) {
                problems.add("", root.line(), root.shown() + " (expected: a mapping)");
            }
        } catch (MarkedYamlEngineException broken) {
            int line = broken.getProblemMark().map(mark -> mark.getLine() + 1).orElse(0);
            problems.add("", line, "not YAML: " + oneLine(broken.getProblem(), broken.getContext()));
        } catch (YamlEngineException broken) {
            problems.add("", 0, "not YAML: " + oneLine(broken.getMessage(), null));
        }
        return empty;
    }

    /** Composing recurses, so the events are looked at first: these come one after the other. */
    private static boolean nestedTooDeeply(String text, LoadSettings settings, Problems problems) {
        int depth = 0;
        for (var event : new Parse(settings).parseString(text)) {
            depth += event instanceof CollectionStartEvent ? 1 : event instanceof CollectionEndEvent ? -1 : 0;
            if (depth > MOST_NESTED) {
                int line = event.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
                problems.add("", line, "nested too deeply (expected: at most " + MOST_NESTED + " levels)");
                return true;
            }
        }
        return false;
    }

    private static String oneLine(@Nullable String problem, @Nullable String context) {
        var text = problem == null ? "cannot be read" : problem;
        return (context == null ? text : context + ", " + text)
                .replaceAll("\\s+", " ")
                .strip();
    }

    private static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
    }

    /** From nodes to values. An aliased node becomes one shared value, so a short text cannot make a huge tree. */
    private static final class Conversion {
        private final Problems problems;
        private final Map<Node, Value> done = new IdentityHashMap<>();

        Conversion(Problems problems) {
            this.problems = problems;
        }

        Value value(Node node, String path) {
            var known = done.get(node);
            if (known != null) {
                return known;
            }
            // Stands in while the node is being converted: an alias to a node that holds it finds this.
            done.put(node, new Scalar("", Scalar.Kind.NULL, line(node)));
            if (node.isRecursive()) {
                problems.add(path, line(node), "contains itself (expected: a tree)");
                return done.getOrDefault(node, new Scalar("", Scalar.Kind.NULL, line(node)));
            }
            var value = switch (node) {
                case MappingNode mapping -> mapping(mapping, path);
                case SequenceNode sequence -> sequence(sequence, path);
                case ScalarNode scalar -> scalar(scalar, path);
                default -> throw new IllegalStateException("unknown node " + node.getNodeType());
            };
            done.put(node, value);
            return value;
        }

        private Value mapping(MappingNode node, String path) {
            var entries = new ArrayList<Mapping.Entry>();
            for (NodeTuple tuple : node.getValue()) {
                if (tuple.getKeyNode() instanceof ScalarNode key) {
                    var at = path.isEmpty() ? key.getValue() : path + '.' + key.getValue();
                    entries.add(new Mapping.Entry(key.getValue(), line(key), value(tuple.getValueNode(), at)));
                } else {
                    problems.add(path, line(tuple.getKeyNode()), "a key that is not a word (expected: a name)");
                }
            }
            return new Mapping(List.copyOf(entries), line(node));
        }

        private Value sequence(SequenceNode node, String path) {
            var items = new ArrayList<Value>();
            for (var item : node.getValue()) {
                items.add(value(item, path + '[' + items.size() + ']'));
            }
            return new Sequence(List.copyOf(items), line(node));
        }

        private Value scalar(ScalarNode node, String path) {
            var tag = node.getTag();
            var kind = kind(tag);
            if (kind == null) {
                problems.add(path, line(node), "the tag " + tag.getValue() + " (expected: no tag)");
            }
            return new Scalar(node.getValue(), kind == null ? Scalar.Kind.TEXT : kind, line(node));
        }

        private static Scalar.@Nullable Kind kind(Tag tag) {
            if (tag.equals(Tag.STR)) {
                return Scalar.Kind.TEXT;
            }
            if (tag.equals(Tag.INT)) {
                return Scalar.Kind.INTEGER;
            }
            if (tag.equals(Tag.FLOAT)) {
                return Scalar.Kind.DECIMAL;
            }
            if (tag.equals(Tag.BOOL)) {
                return Scalar.Kind.BOOLEAN;
            }
            return tag.equals(Tag.NULL) ? Scalar.Kind.NULL : null;
        }
    }
}
