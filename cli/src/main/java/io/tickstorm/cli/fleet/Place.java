package io.tickstorm.cli.fleet;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where clusters are: a namespace of Kubernetes, a local run, or proxies whose addresses are known. Thread-safe. */
public interface Place extends AutoCloseable {
    /** As a person names it. */
    String words();

    /**
     * The clusters that are there, by name.
     *
     * @param cluster only this one; null = all
     * @throws IOException with a message for the user if they cannot be read, or there is none of this name
     */
    List<Site> sites(@Nullable String cluster) throws IOException;

    /** @throws IOException with a message for the user if there is no way */
    Line open(Pod pod, Port port) throws IOException;

    /**
     * What a pod has written to its log.
     *
     * @throws IOException with a message for the user if it cannot be read
     */
    InputStream log(Pod pod, LogWish wish) throws IOException;

    /**
     * The token with which the admin ports let themselves be told something.
     *
     * @return null if the cluster has none
     * @throws IOException with a message for the user if it may not be read
     */
    @Nullable
    String token(Site site) throws IOException;

    /** Closes all lines. */
    @Override
    void close();

    /**
     * Which part of a log.
     *
     * @param tail lines at the end; null = all
     * @param since no older; null = all
     * @param follow whether what comes is wanted as well
     */
    record LogWish(@Nullable Integer tail, @Nullable Duration since, boolean follow, boolean previous) {}
}
