package io.tickstorm.process;

import java.lang.reflect.Field;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.simple.SimpleLogger;

/**
 * Changes what is logged while the process runs. Thread-safe.
 *
 * <p>The logging backend is slf4j-simple, which reads its levels once for each logger. Loggers that come later take theirs from
 * system properties and a common default; those that are there already have it in a field, and are found in a map of their
 * factory: by reflection, since there is no method for it. {@code LogLevelsTest} fails should a new version differ.
 */
public final class LogLevels {
    /** The name of the logger that all others inherit from. */
    public static final String ROOT = "root";

    private static final String PROPERTY = "org.slf4j.simpleLogger.log.";
    private static final Level START = Level.INFO;

    private final Map<String, Level> set = new ConcurrentHashMap<>(Map.of(ROOT, START));

    /** What was set, by the name of a logger or package; {@link #ROOT} is always there. */
    public Map<String, Level> levels() {
        return new TreeMap<>(set);
    }

    /** The names of the levels, from the quietest. */
    public static List<String> names() {
        return List.of("error", "warn", "info", "debug", "trace");
    }

    /**
     * Sets the level of a logger, or of all whose names begin with it and a dot.
     *
     * @param logger {@link #ROOT} for all that have no level of their own
     * @throws IllegalStateException if the logging backend cannot do that
     */
    public synchronized void set(String logger, Level level) {
        set.put(logger, level);
        try {
            if (logger.equals(ROOT)) {
                fallback(level);
            } else {
                System.setProperty(PROPERTY + logger, level.toString().toLowerCase(Locale.ROOT));
            }
            for (var entry : existing().entrySet()) {
                var field = level(entry.getValue());
                field.setInt(entry.getValue(), effective(entry.getKey()).toInt());
            }
        } catch (ReflectiveOperationException | ClassCastException e) {
            throw new IllegalStateException("the level of loggers that are there already cannot be changed: " + e, e);
        }
    }

    /** The level of the longest name that is set and that this one begins with. */
    private Level effective(String name) {
        for (var prefix = name; !prefix.isEmpty(); prefix = parent(prefix)) {
            var level = set.get(prefix);
            if (level != null) {
                return level;
            }
        }
        return set.getOrDefault(ROOT, START);
    }

    private static String parent(String name) {
        return name.substring(0, Math.max(0, name.lastIndexOf('.')));
    }

    private static Map<String, Logger> existing() throws ReflectiveOperationException {
        var factory = LoggerFactory.getILoggerFactory();
        var field = factory.getClass().getDeclaredField("loggerMap");
        field.setAccessible(true);
        var found = new TreeMap<String, Logger>();
        ((ConcurrentMap<?, ?>) field.get(factory)).forEach((name, logger) -> found.put((String) name, (Logger) logger));
        return found;
    }

    /** What loggers that come later have, if no property names them. */
    private static void fallback(Level level) throws ReflectiveOperationException {
        var parameters = SimpleLogger.class.getDeclaredField("CONFIG_PARAMS");
        parameters.setAccessible(true);
        var configuration = parameters.get(null);
        var field = configuration.getClass().getDeclaredField("defaultLogLevel");
        field.setAccessible(true);
        field.setInt(configuration, level.toInt());
    }

    private static Field level(Logger logger) throws ReflectiveOperationException {
        var field = logger.getClass().getDeclaredField("currentLogLevel");
        field.setAccessible(true);
        return field;
    }
}
