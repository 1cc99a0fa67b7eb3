/**
 * Where the endpoints of a backend come from: a static list, a watched file, or the EndpointSlices of a Kubernetes
 * service.
 *
 * <p>One rule for all of them: what breaks never empties. A source that cannot be read keeps its last good set and grows
 * older, which {@link io.tickstorm.proxy.discovery.DiscoveryStatus} tells; passive and active checks judge the
 * endpoints meanwhile.
 */
@NullMarked
package io.tickstorm.proxy.discovery;

import org.jspecify.annotations.NullMarked;
