/**
 * Where the endpoints of a backend come from: a static list, a watched file, the EndpointSlices of a Kubernetes service, or
 * a name of the DNS.
 *
 * <p>One rule for all of them: what breaks never empties. A source that cannot be read keeps its last good set and grows
 * older, which {@link io.tickstorm.proxy.discovery.DiscoveryStatus} tells; passive and active checks judge the
 * endpoints meanwhile. The reasons: docs/adr/0012.
 */
@NullMarked
package io.tickstorm.proxy.discovery;

import org.jspecify.annotations.NullMarked;
