package io.tickstorm.operator.reconcile;

import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecretProjection;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentCondition;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.tickstorm.operator.desired.Component;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Finds in what was seen what a person has to mend, and says how. One trouble of a kind is enough: a hundred pods without an image are one. */
final class Diagnosis {
    /** An autoscaler has no metrics in its first minutes, whatever is right or wrong. */
    private static final Duration METRICS_PATIENCE = Duration.ofMinutes(3);
    /** Volumes and networks of a pod are there within seconds, on a busy node within a minute; images are waited for elsewhere. */
    private static final Duration START_PATIENCE = Duration.ofMinutes(3);
    /** Clouds take a minute or three to a load balancer. */
    private static final Duration BALANCER_PATIENCE = Duration.ofMinutes(5);

    private final Instant now;
    private final Map<String, Trouble> found = new LinkedHashMap<>();

    private Diagnosis(Instant now) {
        this.now = now;
    }

    static List<Trouble> of(Observation seen, Instant now) {
        var diagnosis = new Diagnosis(now);
        seen.pods().forEach(diagnosis::pod);
        diagnosis.deployment("backends", seen.backends());
        diagnosis.deployment("proxies", seen.proxies());
        seen.autoscalers().forEach(diagnosis::autoscaler);
        diagnosis.front(seen.front());
        return new ArrayList<>(diagnosis.found.values());
    }

    private void pod(Pod pod) {
        if (pod.getStatus() == null || pod.getMetadata().getDeletionTimestamp() != null) {
            return;
        }
        for (var condition : pod.getStatus().getConditions()) {
            if ("PodScheduled".equals(condition.getType()) && "Unschedulable".equals(condition.getReason())) {
                add(
                        pod,
                        "Unschedulable",
                        condition.getMessage(),
                        "add nodes, or lower " + field(pod) + ".resources or replicas");
            }
        }
        for (var container : pod.getStatus().getContainerStatuses()) {
            var state = container.getState();
            if (state != null && state.getWaiting() != null) {
                waiting(pod, container, state.getWaiting());
            }
        }
    }

    private void waiting(Pod pod, ContainerStatus container, ContainerStateWaiting waiting) {
        var reason = Objects.requireNonNullElse(waiting.getReason(), "");
        switch (reason) {
            case "ImagePullBackOff", "ErrImagePull", "InvalidImageName", "ErrImageNeverPull" ->
                add(
                        pod,
                        "ImagePullFailed",
                        "image " + container.getImage() + ": " + said(waiting),
                        "check " + field(pod)
                                + ".image and imagePullPolicy, and that the nodes may pull from its registry");
            case "CrashLoopBackOff" ->
                add(
                        pod,
                        "CrashLoop",
                        "the container ends again and again" + exitCode(container),
                        outOfMemory(container)
                                ? "raise " + field(pod) + ".resources.limits.memory"
                                : "see: kubectl logs -n " + pod.getMetadata().getNamespace() + " "
                                        + pod.getMetadata().getName() + " --previous");
            case "CreateContainerConfigError", "CreateContainerError", "RunContainerError" ->
                add(pod, "ContainerFailed", said(waiting), "check " + field(pod) + ": image, env and podSecurity");
            default -> onTheWay(pod);
        }
    }

    /** A container that is being created waits for what the pod mounts; only an event of the pod says for what. */
    private void onTheWay(Pod pod) {
        var since = pod.getStatus().getStartTime();
        if (since == null || !Instant.parse(since).plus(START_PATIENCE).isBefore(now)) {
            return;
        }
        var secrets = pod.getSpec() == null
                ? List.<String>of()
                : pod.getSpec().getVolumes().stream()
                        .map(Volume::getProjected)
                        .filter(Objects::nonNull)
                        .flatMap(projected -> projected.getSources().stream())
                        .map(VolumeProjection::getSecret)
                        .filter(Objects::nonNull)
                        .map(SecretProjection::getName)
                        .toList();
        add(
                pod,
                "ContainerNotCreated",
                "its container is still being created",
                (secrets.isEmpty() ? "" : "it mounts the Secrets " + String.join(", ", secrets) + ": are they there? ")
                        + "See: kubectl describe pod -n " + pod.getMetadata().getNamespace() + " "
                        + pod.getMetadata().getName());
    }

    private void front(@Nullable Service front) {
        if (front == null
                || front.getSpec() == null
                || !"LoadBalancer".equals(front.getSpec().getType())) {
            return;
        }
        var status = front.getStatus();
        var there = status != null
                && status.getLoadBalancer() != null
                && !status.getLoadBalancer().getIngress().isEmpty();
        var since = front.getMetadata().getCreationTimestamp();
        if (!there
                && since != null
                && Instant.parse(since).plus(BALANCER_PATIENCE).isBefore(now)) {
            found.putIfAbsent(
                    "front",
                    new Trouble(
                            "LoadBalancerPending",
                            "the cloud has given the Service "
                                    + front.getMetadata().getName()
                                    + " no address yet; is there a controller for it (spec.loadBalancer.service.cloud, loadBalancerClass)? See: kubectl describe service -n "
                                    + front.getMetadata().getNamespace() + " "
                                    + front.getMetadata().getName()));
        }
    }

    private void deployment(String what, @Nullable Deployment deployment) {
        if (deployment == null || deployment.getStatus() == null) {
            return;
        }
        for (DeploymentCondition condition : deployment.getStatus().getConditions()) {
            var message = condition.getMessage();
            if ("ReplicaFailure".equals(condition.getType()) && "True".equals(condition.getStatus())) {
                found.putIfAbsent(
                        what + "ReplicaFailure",
                        new Trouble(
                                "PodsRefused", what + ": " + message + "; " + remedy(what, String.valueOf(message))));
            }
            if ("Progressing".equals(condition.getType()) && "ProgressDeadlineExceeded".equals(condition.getReason())) {
                found.putIfAbsent(
                        what + "Deadline",
                        new Trouble(
                                "RolloutStuck",
                                what + ": " + message + "; the old pods go on serving. See: kubectl describe pods -n "
                                        + deployment.getMetadata().getNamespace() + " -l "
                                        + Component.CLUSTER_LABEL + "="
                                        + deployment.getMetadata().getLabels().get(Component.CLUSTER_LABEL)));
            }
        }
    }

    private void autoscaler(HorizontalPodAutoscaler autoscaler) {
        if (autoscaler.getStatus() == null) {
            return;
        }
        for (var condition : autoscaler.getStatus().getConditions()) {
            var since = condition.getLastTransitionTime();
            var blind = "ScalingActive".equals(condition.getType())
                    && "False".equals(condition.getStatus())
                    && !"ScalingDisabled".equals(condition.getReason());
            if (blind
                    && since != null
                    && Instant.parse(since).plus(METRICS_PATIENCE).isBefore(now)) {
                found.putIfAbsent(
                        autoscaler.getMetadata().getName(),
                        new Trouble(
                                "AutoscalingBlind",
                                "autoscaler " + autoscaler.getMetadata().getName() + ": " + condition.getMessage()
                                        + "; the number of pods stays as it is. Check that metrics-server runs: kubectl top pods"));
            }
        }
    }

    private void add(Pod pod, String reason, @Nullable String what, String todo) {
        var component = component(pod);
        found.putIfAbsent(
                component + reason,
                new Trouble(reason, component + " pod " + pod.getMetadata().getName() + ": " + what + "; " + todo));
    }

    private static String remedy(String what, String message) {
        var field = what.equals("proxies") ? "spec.loadBalancer" : "spec.backend";
        if (message.contains("violates PodSecurity")) {
            return what.equals("proxies")
                    ? "the namespace must allow the profile restricted"
                    : "set spec.backend.podSecurity: Restricted, if the image runs without root, or use another namespace";
        }
        if (message.contains("quota")) {
            return "raise the ResourceQuota of the namespace, or lower " + field + ".replicas or resources";
        }
        if (message.contains("error looking up service account") || message.contains("serviceaccount")) {
            return "make the ServiceAccount, or name another one in spec.backend.serviceAccountName";
        }
        if (message.contains("PriorityClass")) {
            return "make the PriorityClass, or name another one in " + field + ".pod.priorityClassName";
        }
        return "change what the policy of the namespace refuses";
    }

    private static boolean outOfMemory(ContainerStatus container) {
        var last = container.getLastState();
        return last != null
                && last.getTerminated() != null
                && "OOMKilled".equals(last.getTerminated().getReason());
    }

    private static String exitCode(ContainerStatus container) {
        var last = container.getLastState();
        if (last == null || last.getTerminated() == null) {
            return "";
        }
        return " (exit code " + last.getTerminated().getExitCode() + ", "
                + last.getTerminated().getReason() + ")";
    }

    private static String said(ContainerStateWaiting waiting) {
        return waiting.getMessage() == null ? waiting.getReason() : waiting.getMessage();
    }

    private static String component(Pod pod) {
        return pod.getMetadata().getLabels().getOrDefault(Component.COMPONENT_LABEL, "");
    }

    private static String field(Pod pod) {
        return component(pod).equals(Component.PROXY.word()) ? "spec.loadBalancer" : "spec.backend";
    }
}
