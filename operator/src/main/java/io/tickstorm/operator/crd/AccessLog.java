package io.tickstorm.operator.crd;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** What the proxies write of requests that have ended, to their standard output. */
public record AccessLog(
        @JsonPropertyDescription(
                "Which requests and connections get a line: None, Failed (those that did not end well, were answered 5xx, or needed more than one attempt) or All. Left out: Failed.")
        @Nullable
        Requests requests) {

    public enum Requests {
        @JsonProperty("None")
        NONE,
        @JsonProperty("Failed")
        FAILED,
        @JsonProperty("All")
        ALL
    }
}
