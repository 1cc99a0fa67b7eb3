/**
 * Whether another attempt is allowed: the rule, and the budget that keeps retries from becoming a storm.
 *
 * <p>The rule is final. The budget only bounds how many retries there are at a time: one that it does not pay for yet may wait
 * in the line of its backend until others have ended, so that a server which dies under load costs its safe requests a moment
 * and not an error.
 */
@NullMarked
package io.tickstorm.proxy.retry;

import org.jspecify.annotations.NullMarked;
