/**
 * Serves {@code custom.metrics.k8s.io} for the pods of clusters: how many connections each of them has, so that an autoscaler can follow them with nothing else installed.
 *
 * <p>Every process of the operator serves ({@link io.tickstorm.operator.metricsapi.MetricsApi}): HTTPS behind the API server's aggregation layer, which says who asks; the
 * API server is asked whether they may. One of them, the one that leads, sees to what all need ({@link io.tickstorm.operator.metricsapi.Registration}): the certificates,
 * in a Secret that all of them watch, and the APIServices, unless the group belongs to somebody else.
 *
 * <p>A number is said only where it is known. A backend's is the sum of what all proxies have running on it, so one proxy that does not answer makes it unknown: an
 * autoscaler that gets no number leaves the pods as they are, one that gets too small a number takes some away.
 */
@NullMarked
package io.tickstorm.operator.metricsapi;

import org.jspecify.annotations.NullMarked;
