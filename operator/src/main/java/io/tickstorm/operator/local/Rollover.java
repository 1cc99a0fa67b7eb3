package io.tickstorm.operator.local;

import java.util.Comparator;
import java.util.List;

/** How a set of replicas gets from what it is to what is wanted: one more than wanted at most, never one ready less. */
final class Rollover {
    /** How many replicas above the wanted number there may be while an update is under way. */
    private static final int SURGE = 1;

    private Rollover() {}

    /** What one replica is to an update. Replicas that were told to go are not asked about any more. */
    interface Member {
        /** Whether it is of the wanted revision. */
        boolean current();

        boolean ready();
    }

    /** What is to be done next; after it, the question is asked again. */
    sealed interface Step<M> {
        record Start<M>() implements Step<M> {}

        record Retire<M>(M member) implements Step<M> {}

        /** Nothing, until something changes by itself. */
        record Wait<M>() implements Step<M> {}
    }

    /** @param members in the order in which they were started */
    static <M extends Member> Step<M> next(int wanted, List<M> members) {
        var current = members.stream().filter(Member::current).count();
        var old = members.stream()
                .filter(member -> !member.current())
                .sorted(Comparator.comparing(Member::ready))
                .toList();
        var ready = members.stream().filter(Member::ready).count();
        if (!old.isEmpty()) {
            // Who is not ready serves nobody: it makes room for its successor at once.
            if (!old.getFirst().ready() || ready > wanted) {
                return new Step.Retire<>(old.getFirst());
            }
            return current < wanted && members.size() < wanted + SURGE ? new Step.Start<>() : new Step.Wait<>();
        }
        if (current < wanted) {
            return new Step.Start<>();
        }
        return current > wanted ? new Step.Retire<>(leastUseful(members)) : new Step.Wait<>();
    }

    /** The youngest one that is not ready, else the youngest. */
    private static <M extends Member> M leastUseful(List<M> members) {
        return members.reversed().stream()
                .filter(member -> !member.ready())
                .findFirst()
                .orElseGet(members::getLast);
    }
}
