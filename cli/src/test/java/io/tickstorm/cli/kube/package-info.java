@NullMarked
package io.tickstorm.cli.kube;

import org.jspecify.annotations.NullMarked;
