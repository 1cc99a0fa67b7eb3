package io.tickstorm.operator.local;

import io.tickstorm.operator.desired.Component;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * How a cluster is carried out on this machine.
 *
 * @param command the command line that runs our own process of a component, to which its arguments are appended; it must
 *     end when its standard input does, so that nothing is left when this process is killed
 * @param folder holds configuration, endpoints, logs and {@code state.json}; exists
 * @param portOffset is added to every node port, so that two clusters can be run side by side
 * @param events told what happens, one line each, on the control thread
 */
public record LocalSettings(
        Function<Component, List<String>> command, Path folder, int portOffset, Consumer<String> events) {}
