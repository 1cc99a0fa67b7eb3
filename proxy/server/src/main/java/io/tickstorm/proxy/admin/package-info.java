/** What the proxy tells of itself on its admin port: probes, and its state as read-only JSON. */
@NullMarked
package io.tickstorm.proxy.admin;

import org.jspecify.annotations.NullMarked;
