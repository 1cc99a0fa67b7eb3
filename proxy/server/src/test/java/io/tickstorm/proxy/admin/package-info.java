@NullMarked
package io.tickstorm.proxy.admin;

import org.jspecify.annotations.NullMarked;
