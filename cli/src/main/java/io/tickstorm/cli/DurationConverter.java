package io.tickstorm.cli;

import io.tickstorm.proxy.settings.Durations;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Durations on the command line, written as everywhere else. */
final class DurationConverter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
        var duration = Durations.parse(text);
        if (duration == null) {
            throw new TypeConversionException('"' + text + "\" (expected: a duration such as 10s, 1m30s or 250ms)");
        }
        return duration;
    }
}
