package io.tickstorm.proxy.admin;

import io.tickstorm.process.LogLevels;
import io.tickstorm.proxy.access.RecentFailures;
import io.tickstorm.proxy.history.History;
import io.tickstorm.proxy.history.Timeline;
import io.tickstorm.proxy.time.Ticker;
import io.tickstorm.proxy.time.Timers;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the admin port is given to tell of, and to act on.
 *
 * @param state asked for each request, on any thread
 * @param recent the failures that are kept
 * @param history how things went lately
 * @param timeline what has happened lately
 * @param ticker the clock of the backends
 * @param clock the time of day
 * @param timers for what is told again and again
 * @param reader where that is worked out; may wait
 * @param control the thread on which backends are changed
 * @param levels of the log
 * @param tokenFile read for each change; null = there is no token
 */
public record Sources(
        Supplier<State> state,
        RecentFailures recent,
        History history,
        Timeline timeline,
        Ticker ticker,
        InstantSource clock,
        Timers timers,
        Executor reader,
        Executor control,
        LogLevels levels,
        @Nullable Path tokenFile) {}
