package io.tickstorm.backend.stream;

import java.time.Duration;

/**
 * How sessions behave; every duration is above zero.
 *
 * @param authTimeout from the connection to a valid AUTH
 * @param subscribeTimeout from AUTH to SUBSCRIBE, heartbeats or not
 * @param heartbeatTimeout from AUTH, or a heartbeat, to the next heartbeat
 * @param batchWindow how long the first tick of a batch waits for others
 * @param second the time between two ticks of a symbol in SECOND mode; a minute has 60 of them
 */
public record StreamSettings(
        Credentials credentials,
        Duration authTimeout,
        Duration subscribeTimeout,
        Duration heartbeatTimeout,
        Duration batchWindow,
        Duration second) {
    /** The times of the wire format: a client sends a heartbeat every 15 s, and 20 s without one end the session. */
    public static StreamSettings of(Credentials credentials) {
        return new StreamSettings(
                credentials,
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                Duration.ofSeconds(20),
                Duration.ofMillis(5),
                Duration.ofSeconds(1));
    }

    public StreamSettings withHeartbeatTimeout(Duration timeout) {
        return new StreamSettings(credentials, authTimeout, subscribeTimeout, timeout, batchWindow, second);
    }
}
