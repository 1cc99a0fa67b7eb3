package io.tickstorm.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.proxy.property.Chance;
import io.tickstorm.proxy.property.Property;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What holds for every configuration, tried on random ones of all keys that there are. */
class ConfigPropertyTest {
    private final RandomConfigs configs = new RandomConfigs();

    private record Pair(ProxyConfig before, ProxyConfig after) {}

    @Test
    void readingWhatWasWrittenGivesTheSame() {
        Property.holds(150, configs::draw, config -> {
            var text = config.toYaml();
            assertThat(ProxyConfig.read(text, "written")).as(text).isEqualTo(new ConfigResult.Valid(config));
            assertThat(config.toYaml()).as("the same text each time").isEqualTo(text);
        });
    }

    @Test
    void aDifferenceAppliedToTheOneGivesTheOther() {
        Property.holds(150, this::pair, pair -> {
            var diff = ConfigDiff.between(pair.before(), pair.after());
            assertThat(diff.apply(pair.before())).isEqualTo(pair.after());
            assertThat(ConfigDiff.between(pair.after(), pair.after()).apply(pair.after()))
                    .isEqualTo(pair.after());
            assertThat(diff.listeners().isEmpty())
                    .isEqualTo(new HashSet<>(pair.before().listeners())
                            .equals(new HashSet<>(pair.after().listeners())));
        });
    }

    /** Two that have much in common: some of each kind are the same, in another order. */
    private Pair pair(Chance chance) {
        var before = configs.draw(chance);
        var other = configs.draw(chance);
        var listeners = new ArrayList<>(before.listeners());
        var backends = new ArrayList<>(before.backends());
        if (chance.yes()) {
            Collections.shuffle(listeners, Random.from(chance.random()));
            Collections.shuffle(backends, Random.from(chance.random()));
        }
        if (chance.yes()) {
            listeners.removeLast();
        }
        var names = new HashSet<String>();
        listeners.forEach(listener -> names.add(listener.name()));
        other.listeners().stream()
                .filter(listener -> names.add(listener.name()))
                .forEach(listeners::add);
        return new Pair(before, chance.yes() ? other : (chance.yes() ? before : other).with(listeners, backends));
    }

    @Test
    void everyKeyIsMetInTheseConfigurations() {
        assertThat(configs.unknownTexts())
                .as("Say in RandomConfigs.TEXTS how such texts look")
                .isEmpty();
        var met = new HashSet<String>();
        Property.holds(300, configs::draw, config -> met.addAll(keys(config)));

        var missing = new ArrayList<>(Survey.of(ProxyConfig::read).paths());
        missing.removeAll(met);

        assertThat(missing)
                .as("keys that toMap() leaves out, or that are never valid in RandomConfigs")
                .isEmpty();
    }

    private static Set<String> keys(ProxyConfig config) {
        var keys = new HashSet<String>();
        var written = new Load(LoadSettings.builder().build()).loadFromString(config.toYaml());
        collect("", written, keys);
        return keys;
    }

    private static void collect(String path, Object value, Set<String> keys) {
        switch (value) {
            case Map<?, ?> map ->
                map.forEach((key, inner) -> {
                    var at = path.isEmpty() ? key.toString() : path + '.' + key;
                    keys.add(at);
                    collect(at, inner, keys);
                });
            case List<?> items -> items.forEach(item -> collect(path + "[]", item, keys));
            default -> {}
        }
    }
}
