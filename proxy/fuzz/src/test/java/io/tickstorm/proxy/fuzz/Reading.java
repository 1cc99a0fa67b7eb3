package io.tickstorm.proxy.fuzz;

import java.util.List;

/**
 * What a reader found in a stream of bytes.
 *
 * @param messages in order; the last one may not be whole
 * @param refusal why it read no further, empty if it would go on
 */
record Reading(List<Message> messages, String refusal) {
    boolean refused() {
        return !refusal.isEmpty();
    }

    long whole() {
        return messages.stream().filter(Message::whole).count();
    }
}
