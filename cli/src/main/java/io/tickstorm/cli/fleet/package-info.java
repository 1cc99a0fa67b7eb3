/**
 * A cluster as a person looks at it: what proxies tell on their admin ports, put together over all of them, and what is wrong
 * with it. Knows no Kubernetes; whoever can list pods and reach their ports is a {@link Place}.
 */
@NullMarked
package io.tickstorm.cli.fleet;

import org.jspecify.annotations.NullMarked;
