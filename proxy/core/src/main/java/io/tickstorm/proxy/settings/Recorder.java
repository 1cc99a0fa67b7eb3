package io.tickstorm.proxy.settings;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Follows a reader through a section in which nothing is given, to learn which keys there are: {@link Section#recorded}.
 * Optional sections and items of lists are read once, too. Where the reader goes on by what it was told, the recorder
 * decides what that is. Called on the thread that reads.
 */
public interface Recorder {
    /** A key was asked for; may come more than once. */
    void asked(Key key);

    /**
     * What an absent word is taken for.
     *
     * @param path as {@link Key#path} has it
     * @param words those that may stand there
     * @return one of them, or null for what holds without it
     */
    @Nullable
    String word(String path, List<String> words);

    /** Whether a key that is looked for by {@link Section#has} is taken to be there. */
    boolean present(String path);
}
