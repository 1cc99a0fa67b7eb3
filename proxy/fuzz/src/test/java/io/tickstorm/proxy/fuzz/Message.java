package io.tickstorm.proxy.fuzz;

/**
 * A message as one reader understood it.
 *
 * @param start method and target of a request, the status of a response
 * @param body as far as it has come, without framing; one char for each byte
 * @param whole whether the message has ended
 */
record Message(String start, String body, boolean whole) {}
