package io.tickstorm.backend;

import io.tickstorm.backend.stream.Credentials;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How one backend runs. Ports are 0..65535, 0 for any free one.
 *
 * @param address the address to listen on
 * @param portsFile where to write the bound ports, if anywhere
 * @param heartbeatTimeout how long a Tick-Storm session lives without a heartbeat, above zero
 * @param drainDelay how long connections are still accepted after SIGTERM
 * @param drainTimeout how long what runs may take after that
 * @param logPosts whether the id of each POST goes to standard output
 * @param rude whether SIGTERM ends the process at once, as it does with a careless server
 * @param failPercent how many percent of the requests are answered with 500, 0..100: a bad version, for those who try rollouts
 * @param loops event loops, at least 1
 * @param pod the name of the pod, or of the host
 */
record Settings(
        String address,
        int httpPort,
        int tcpPort,
        int healthPort,
        int metricsPort,
        @Nullable Path portsFile,
        Credentials credentials,
        Duration heartbeatTimeout,
        Duration drainDelay,
        Duration drainTimeout,
        boolean logPosts,
        boolean rude,
        int failPercent,
        int loops,
        String instanceId,
        String pod) {}
