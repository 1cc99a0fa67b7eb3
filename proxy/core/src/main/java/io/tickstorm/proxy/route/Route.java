package io.tickstorm.proxy.route;

/**
 * Where to go under some conditions.
 *
 * @param name for people; empty if it has none
 */
public record Route<T>(String name, Conditions conditions, T target) {}
