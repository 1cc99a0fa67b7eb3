/**
 * The desired objects of a cluster, carried out as processes of this machine: the local counterpart of {@code reconcile}.
 *
 * <p>A replica is a process with ports of its own on 127.0.0.1, and goes through these phases:
 *
 * <pre>
 * STARTING → READY ⇄ UNREADY       as the readiness probe says
 *    any of them → RESTARTING → STARTING   when the process ends by itself, after a back-off
 *    any of them → LEAVING         no new work (DRAINING in the endpoints file) while the preStop sleep lasts
 *                  → ENDING        SIGTERM was sent; SIGKILL follows at the end of the grace period
 *                  → gone
 * </pre>
 *
 * <p>It imitates no API server and no node: there are no containers, limits, liveness probes or autoscalers. What the
 * kubelet, the endpoint controller and kube-proxy do for traffic is done here: probing, the endpoints file, and
 * {@link io.tickstorm.operator.local.NodePort node ports} in front of the proxies. All state belongs to one control thread.
 */
@NullMarked
package io.tickstorm.operator.local;

import org.jspecify.annotations.NullMarked;
