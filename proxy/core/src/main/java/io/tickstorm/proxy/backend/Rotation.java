package io.tickstorm.proxy.backend;

import io.tickstorm.proxy.balance.Chooser;
import io.tickstorm.proxy.balance.Exclusion;
import io.tickstorm.proxy.balance.Policy;
import io.tickstorm.proxy.endpoint.HoldReason;
import io.tickstorm.proxy.endpoint.Upstream;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Who gets work at this moment, and on what ground; immutable. See the package for the order of the groups. */
record Rotation(Mode mode, List<Member> members, Chooser chooser) {

    private static final Exclusion FULL = Upstream::full;
    private static final Set<HoldReason> BREAKER = EnumSet.of(HoldReason.CIRCUIT_OPEN);
    // What is terminating may well say so when asked how it is; Kubernetes said that it still serves.
    private static final Set<HoldReason> TERMINATION = EnumSet.of(HoldReason.DRAINING, HoldReason.FAILED_CHECK);
    private static final Set<HoldReason> TERMINATION_AND_BREAKER =
            EnumSet.of(HoldReason.DRAINING, HoldReason.FAILED_CHECK, HoldReason.CIRCUIT_OPEN);

    /** @param members all of them, whatever holds them back */
    static Rotation of(List<Member> members, Policy policy) {
        var active = members.stream().filter(Member::active).toList();
        if (!active.isEmpty()) {
            return of(active, Mode.NORMAL, Set.of(), BREAKER, policy);
        }
        var draining = members.stream().filter(Member::draining).toList();
        return draining.isEmpty()
                ? new Rotation(Mode.EMPTY, draining, policy.over(List.of()))
                : of(draining, Mode.DRAINING, TERMINATION, TERMINATION_AND_BREAKER, policy);
    }

    private static Rotation of(
            List<Member> group, Mode normal, Set<HoldReason> ignored, Set<HoldReason> spared, Policy policy) {
        var well = which(group, member -> member.upstream().availableDespite(ignored));
        if (!well.isEmpty()) {
            return over(normal, well, policy);
        }
        var last = which(group, member -> member.upstream().availableDespite(spared));
        return last.isEmpty() ? over(Mode.PANIC, group, policy) : over(Mode.SPARED, last, policy);
    }

    private static List<Member> which(List<Member> group, Predicate<Member> condition) {
        return group.stream().filter(condition).toList();
    }

    private static Rotation over(Mode mode, List<Member> members, Policy policy) {
        return new Rotation(
                mode,
                members,
                policy.over(members.stream().map(Member::upstream).toList()));
    }

    /** Whether one has room that was not tried. */
    boolean another(Attempts attempts) {
        for (var member : members) {
            if (!attempts.excludes(member.upstream())) {
                return true;
            }
        }
        return false;
    }

    /** Whether this member gets work if somebody asks for it by name. */
    boolean serves(Member member) {
        return !member.upstream().removed() && (member.upstream().available() || members.contains(member));
    }

    /** One with room, before all one that was not tried; null if there is none. */
    @Nullable
    Member pick(Attempts attempts) {
        int position = chooser.pick(attempts.key(), attempts.made() == 0 ? FULL : attempts);
        if (position == Chooser.NONE && attempts.made() > 0) {
            position = chooser.pick(attempts.key(), FULL);
        }
        return position == Chooser.NONE ? null : members.get(position);
    }
}
