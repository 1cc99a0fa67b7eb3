package io.tickstorm.cli.importing.draft;

/**
 * One thing that became of a directive; a directive that several proxies inherit has several.
 *
 * @param what for people: the setting, or the reason
 * @param place in which listener or backend; empty for all of the result
 */
record Outcome(Verdict verdict, String what, String place) {}
