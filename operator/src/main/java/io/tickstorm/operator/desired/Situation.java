package io.tickstorm.operator.desired;

/**
 * What objects depend on beside the resource. Pure data.
 *
 * @param defaults of the operator's release
 * @param surroundings what there is to work with
 */
public record Situation(Defaults defaults, Surroundings surroundings) {
    /** On plain Kubernetes. */
    public static Situation of(Defaults defaults) {
        return new Situation(defaults, Surroundings.NONE);
    }
}
