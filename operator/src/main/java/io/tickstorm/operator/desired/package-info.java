/**
 * What should be there for a cluster: pure functions from the custom resource to Kubernetes objects. No clock, no API server; the same resource gives the same objects.
 *
 * <p>How nothing is lost when pods are rolled:
 *
 * <ol>
 *   <li>Deployments surge by one and are never short of a ready pod ({@code maxUnavailable: 0}).
 *   <li>A backend pod that is deleted goes on serving for the drain delay, by the kubelet's own {@code sleep} before SIGTERM: that needs neither a shell nor the
 *       cooperation of the image. Its endpoint is {@code terminating} from the first moment, and the proxies give such an endpoint no new work from the event on.
 *       So even a server that dies at once on SIGTERM has nothing left to lose by then.
 *   <li>A proxy pod drains by itself: after SIGTERM it accepts and serves for the drain delay, while every node's kube-proxy learns that it ends; then it stops
 *       accepting and finishes what runs. Its readiness stays true as long as it serves, because kube-proxy falls back to terminating endpoints only while they are
 *       {@code serving}. Established connections stay with their pod by connection tracking; HTTP clients are told to close.
 *   <li>The grace period is longer than both together, so that nobody is killed who keeps to the times.
 * </ol>
 */
@NullMarked
package io.tickstorm.operator.desired;

import org.jspecify.annotations.NullMarked;
