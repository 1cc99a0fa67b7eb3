/** Clusters in a namespace of Kubernetes, with a person's own rights: pods, the resource, logs, and ports that the API server forwards. */
@NullMarked
package io.tickstorm.cli.kube;

import org.jspecify.annotations.NullMarked;
