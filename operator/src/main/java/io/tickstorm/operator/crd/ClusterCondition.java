package io.tickstorm.operator.crd;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** One judgement about a cluster, after the conventions of Kubernetes. */
public record ClusterCondition(
        @JsonPropertyDescription("Ready, Available, Progressing, Degraded or Paused.")
        String type,

        @JsonPropertyDescription("True, False or Unknown.") String status,

        @JsonPropertyDescription("Generation of the resource that was judged.")
        Long observedGeneration,

        @JsonPropertyDescription("When the status last changed, in RFC 3339.")
        String lastTransitionTime,

        @JsonPropertyDescription("Why, in one word.") String reason,

        @JsonPropertyDescription("Why, and what to do about it.")
        String message) {}
