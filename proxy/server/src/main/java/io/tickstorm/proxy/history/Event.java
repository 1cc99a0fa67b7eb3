package io.tickstorm.proxy.history;

import java.time.Instant;

/**
 * Something that has happened.
 *
 * @param number grows by one with each, from 1
 * @param first when it happened
 * @param last when it happened again; the same as {@code first} until then
 * @param times how often
 * @param backend which one it concerns; empty = the proxy
 * @param text one sentence
 */
public record Event(long number, Instant first, Instant last, int times, Kind kind, String backend, String text) {
    boolean says(Kind sameKind, String sameBackend, String sameText) {
        return kind == sameKind && backend.equals(sameBackend) && text.equals(sameText);
    }

    Event again(Instant now) {
        return new Event(number, first, now, times + 1, kind, backend, text);
    }
}
