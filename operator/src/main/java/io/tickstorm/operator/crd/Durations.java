package io.tickstorm.operator.crd;

/** The form of a duration in the resource. */
final class Durations {
    /** A Gateway API duration (GEP-2257): up to four numbers of at most five digits, each with its unit. */
    static final String PATTERN = "^([0-9]{1,5}(h|m|s|ms)){1,4}$";

    private Durations() {}
}
