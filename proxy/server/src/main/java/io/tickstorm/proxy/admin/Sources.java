package io.tickstorm.proxy.admin;

import io.tickstorm.process.LogLevels;
import io.tickstorm.proxy.access.RecentFailures;
import io.tickstorm.proxy.time.Ticker;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the admin port is given to tell of, and to act on.
 *
 * @param state asked for each request, on any thread
 * @param recent the failures that are kept
 * @param ticker the clock of the backends
 * @param control the thread on which backends are changed
 * @param levels of the log
 * @param tokenFile read for each change; null = there is no token
 */
public record Sources(
        Supplier<State> state,
        RecentFailures recent,
        Ticker ticker,
        Executor control,
        LogLevels levels,
        @Nullable Path tokenFile) {}
