package io.tickstorm.operator.reconcile;

/**
 * Something that is wrong with a cluster, and that waiting alone may not mend.
 *
 * @param reason in one word, for a condition and an event
 * @param message what is wrong, and what to do
 */
record Trouble(String reason, String message) {}
