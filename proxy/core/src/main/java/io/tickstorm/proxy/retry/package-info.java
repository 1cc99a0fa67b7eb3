/**
 * Whether another attempt is allowed: the rule, and the budget that keeps retries from becoming a storm.
 *
 * <p>The rule is final. The budget only bounds how many retries run at once: one that it does not pay for yet may wait until
 * others have ended, so that a server which dies under load costs its safe requests a moment and not an error. How long is
 * up to whoever holds the request; the HTTP listener waits as long as for a connection.
 */
@NullMarked
package io.tickstorm.proxy.retry;

import org.jspecify.annotations.NullMarked;
