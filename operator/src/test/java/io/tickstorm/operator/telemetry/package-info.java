@NullMarked
package io.tickstorm.operator.telemetry;

import org.jspecify.annotations.NullMarked;
