package io.tickstorm.cli.importing.draft;

/**
 * Where a directive stands.
 *
 * @param file as it is named in messages
 * @param number of the line on which it begins, from 1
 * @param text the directive on one line, as it is told to people
 */
public record Line(String file, int number, String text) {}
