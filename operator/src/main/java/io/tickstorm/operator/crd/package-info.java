/**
 * What a user writes: the custom resource {@code TickStormCluster} as immutable values. The schema under {@code k8s/crds} is generated from these types.
 *
 * <p>A record's constructor fills in the default of whatever is left out, so that nobody behind it meets a missing setting: the same defaults stand in the schema
 * for {@code kubectl explain} and for the API server to fill in. What is {@code @Nullable} has no default of its own; its meaning when absent is in its description.
 */
@NullMarked
package io.tickstorm.operator.crd;

import org.jspecify.annotations.NullMarked;
