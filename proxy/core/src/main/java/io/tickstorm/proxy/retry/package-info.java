/** Whether another attempt is allowed: the rule, and the budget that keeps retries from becoming a storm. */
@NullMarked
package io.tickstorm.proxy.retry;

import org.jspecify.annotations.NullMarked;
