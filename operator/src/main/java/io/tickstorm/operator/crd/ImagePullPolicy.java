package io.tickstorm.operator.crd;

import com.fasterxml.jackson.annotation.JsonProperty;

/** When a node pulls an image, in the words of Kubernetes. */
public enum ImagePullPolicy {
    @JsonProperty("Always")
    ALWAYS("Always"),
    @JsonProperty("IfNotPresent")
    IF_NOT_PRESENT("IfNotPresent"),
    @JsonProperty("Never")
    NEVER("Never");

    private final String word;

    ImagePullPolicy(String word) {
        this.word = word;
    }

    /** As a container's {@code imagePullPolicy} says it. */
    public String word() {
        return word;
    }
}
