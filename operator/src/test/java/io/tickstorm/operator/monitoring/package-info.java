/** What people see of a running system: dashboards as code, and the alerts tried by Prometheus's own tools. */
@NullMarked
package io.tickstorm.operator.monitoring;

import org.jspecify.annotations.NullMarked;
