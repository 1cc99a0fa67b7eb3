/** What installs the product, put to the test: the chart, the manifests and samples of k8s/, the Swarm stack, and their documentation. */
@NullMarked
package io.tickstorm.operator.install;

import org.jspecify.annotations.NullMarked;
