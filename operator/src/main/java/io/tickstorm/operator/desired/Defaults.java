package io.tickstorm.operator.desired;

import io.tickstorm.operator.crd.ImagePullPolicy;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a cluster gets that names no images of its own.
 *
 * @param proxyImage image of the proxy, of this release
 * @param backendImage image of the reference backend, of this release
 * @param imagePullPolicy for these two images; null = as Kubernetes decides by their tags
 */
public record Defaults(
        String proxyImage, String backendImage, @Nullable ImagePullPolicy imagePullPolicy) {

    /**
     * From PROXY_IMAGE, BACKEND_IMAGE and IMAGE_PULL_POLICY.
     *
     * @throws IllegalArgumentException if an image is missing or the policy is none
     */
    public static Defaults from(Map<String, String> environment) {
        return new Defaults(
                image(environment, "PROXY_IMAGE"), image(environment, "BACKEND_IMAGE"), pullPolicy(environment));
    }

    private static String image(Map<String, String> environment, String name) {
        var image = environment.getOrDefault(name, "");
        if (image.isBlank()) {
            throw new IllegalArgumentException("environment variable " + name
                    + ": missing (expected: an image that nodes can pull, such as tickstorm/proxy:1.0.0)");
        }
        return image;
    }

    private static @Nullable ImagePullPolicy pullPolicy(Map<String, String> environment) {
        var word = environment.getOrDefault("IMAGE_PULL_POLICY", "");
        if (word.isBlank()) {
            return null;
        }
        return Arrays.stream(ImagePullPolicy.values())
                .filter(policy -> policy.word().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("environment variable IMAGE_PULL_POLICY: " + word
                        + " (expected: "
                        + Arrays.stream(ImagePullPolicy.values())
                                .map(ImagePullPolicy::word)
                                .collect(Collectors.joining(", "))
                        + ")"));
    }
}
