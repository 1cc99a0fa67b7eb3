package io.tickstorm.proxy.config;

import io.tickstorm.proxy.settings.Key;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/** Every key of the configuration, as its reader asks for it and as {@code settings.yaml} describes it: for what is generated from them elsewhere. */
public final class Settings {
    private Settings() {}

    /**
     * One key.
     *
     * @param key with its path and what may stand there
     * @param conditions the words that it comes with, by the path of the word: empty if it is always there
     * @param fallbacks what holds if it is absent, by the word that this depends on; one entry with an empty word if by none
     * @param meaning what it does; empty for a plain section, whose keys say it
     * @param preset what to tell people of its default instead of that; empty = as the fallbacks have it
     * @param range what to tell people of its range instead of the key's; empty = as the key has it
     */
    public record Setting(
            Key key,
            Map<String, Set<String>> conditions,
            SequencedMap<String, String> fallbacks,
            String meaning,
            String preset,
            String range) {}

    /** In the order in which the reader asks for them. */
    public static List<Setting> all() {
        var survey = Survey.of(ProxyConfig::read);
        var descriptions = new Descriptions(file());
        return survey.paths().stream()
                .map(path -> {
                    var said = descriptions.of(path);
                    return new Setting(
                            survey.key(path),
                            survey.conditions(path),
                            survey.fallbacks(path),
                            said.meaning(),
                            said.preset(),
                            said.range());
                })
                .toList();
    }

    private static String file() {
        try (var settings = ProxyConfig.class.getResourceAsStream("settings.yaml")) {
            if (settings == null) {
                throw new IllegalStateException("no settings.yaml beside " + ProxyConfig.class.getName());
            }
            return new String(settings.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
