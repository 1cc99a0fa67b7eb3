package io.tickstorm.proxy.config;

import io.tickstorm.proxy.listener.ListenerSettings;
import java.util.List;

/**
 * What has to be done so that one configuration becomes another. Listeners and backends are known by their names: what has
 * another name is another one, and what has the same name goes on with what it has.
 *
 * @param listeners by name
 * @param backends by name
 * @param process all else as it is afterwards; without listeners and backends
 * @param processChanged whether anything of that was different before
 */
public record ConfigDiff(
        Changes<ListenerSettings> listeners,
        Changes<BackendConfig> backends,
        ProxyConfig process,
        boolean processChanged) {

    /** From what holds to what is wanted; both with unique names. */
    public static ConfigDiff between(ProxyConfig before, ProxyConfig after) {
        var process = process(after);
        return new ConfigDiff(
                Changes.between(before.listeners(), after.listeners(), ListenerSettings::name),
                Changes.between(before.backends(), after.backends(), BackendConfig::name),
                process,
                !process.equals(process(before)));
    }

    private static ProxyConfig process(ProxyConfig config) {
        return config.with(List.of(), List.of());
    }

    /**
     * The configuration after the change.
     *
     * @param before the one that the change was made from; another one will do if it has all that did not change
     * @throws IllegalArgumentException if it has not
     */
    public ProxyConfig apply(ProxyConfig before) {
        return process.with(
                listeners.apply(before.listeners(), ListenerSettings::name),
                backends.apply(before.backends(), BackendConfig::name));
    }

    /** For the log: {@code listeners +a ~b -c, backends unchanged}. */
    @Override
    public String toString() {
        return "listeners " + listeners + ", backends " + backends + (processChanged ? ", the process" : "");
    }
}
