package io.tickstorm.labs.picture;

/** A point in the units of the axes. */
public record Point(double x, double y) {}
