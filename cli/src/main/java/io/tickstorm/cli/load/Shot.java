package io.tickstorm.cli.load;

/**
 * One request.
 *
 * @param number from 0, in the order of the intended times
 * @param intendedNanos when it should be sent, on the clock of {@link System#nanoTime}
 * @param post whether it is a POST
 */
record Shot(long number, long intendedNanos, boolean post) {}
