@NullMarked
package io.tickstorm.cli.rollout;

import org.jspecify.annotations.NullMarked;
