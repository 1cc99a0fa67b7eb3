package io.tickstorm.cli.kube;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Which namespace of which Kubernetes. What is null is as kubectl would have it.
 */
public record KubeWish(
        @Nullable Path kubeconfig,
        @Nullable String context,
        @Nullable String namespace) {}
