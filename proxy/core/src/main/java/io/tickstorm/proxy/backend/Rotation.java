package io.tickstorm.proxy.backend;

import io.tickstorm.proxy.balance.BalancingSettings;
import io.tickstorm.proxy.balance.Exclusion;
import io.tickstorm.proxy.balance.Policy;
import io.tickstorm.proxy.endpoint.HoldReason;
import io.tickstorm.proxy.endpoint.Upstream;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Who gets work at this moment, and on what ground; immutable. See the package for how the groups are found.
 *
 * @param groups those who may get a first attempt: each group is asked only if those before it have nobody with room
 * @param forRetries the same groups, in the order in which a retry asks them
 */
record Rotation(Mode mode, List<Group> groups, List<Group> forRetries) {

    private static final Exclusion FULL = Upstream::full;
    // What is terminating may well say so when asked how it is; Kubernetes said that it still serves.
    private static final Set<HoldReason> TERMINATION = EnumSet.of(HoldReason.DRAINING, HoldReason.FAILED_CHECK);

    /**
     * How groups are formed.
     *
     * @param zone where this proxy runs; null = hints are not heeded
     * @param panicThreshold percent of the upstreams that must be well
     * @param warmUp as {@link Group#of} wants it
     */
    record Rule(
            Policy policy,
            @Nullable String zone,
            int panicThreshold,
            @Nullable RandomGenerator warmUp) {
        static Rule of(BalancingSettings settings, Policy policy, @Nullable String zone, RandomGenerator random) {
            boolean byLoad = switch (settings.policy()) {
                case LEAST_CONNECTIONS, POWER_OF_TWO_CHOICES, PEAK_EWMA -> true;
                case ROUND_ROBIN, RANDOM, CONSISTENT_HASH, SOURCE_IP_HASH -> false;
            };
            return new Rule(
                    policy, settings.zoneHints() ? zone : null, settings.panicThreshold(), byLoad ? random : null);
        }

        private Group group(List<Member> members) {
            return Group.of(members, policy, warmUp);
        }

        private boolean enough(List<Member> well, List<Member> all) {
            return !well.isEmpty() && 100L * well.size() >= (long) panicThreshold * all.size();
        }
    }

    /** @param members all of them, whatever holds them back */
    static Rotation of(List<Member> members, Rule rule) {
        var active = which(members, Member::active);
        if (!active.isEmpty()) {
            return of(active, Mode.NORMAL, Set.of(), rule);
        }
        var draining = which(members, Member::draining);
        return draining.isEmpty() ? over(Mode.EMPTY, rule, draining) : of(draining, Mode.DRAINING, TERMINATION, rule);
    }

    private static Rotation of(List<Member> all, Mode normal, Set<HoldReason> ignored, Rule rule) {
        Predicate<Member> isWell = member -> member.upstream().availableDespite(ignored);
        var well = which(all, isWell);
        var near = ZoneHints.near(all, rule.zone());
        var nearAndWell = which(near, isWell);
        if (near.size() < all.size() && rule.enough(nearAndWell, near)) {
            return over(normal, rule, nearAndWell, well);
        }
        if (rule.enough(well, all)) {
            return over(normal, rule, well);
        }
        var there = which(all, member -> !member.lost());
        if (there.isEmpty()) {
            return over(Mode.PANIC, rule, all);
        }
        return there.equals(well) ? over(normal, rule, well) : over(Mode.PANIC, rule, there, well);
    }

    private static List<Member> which(List<Member> all, Predicate<Member> condition) {
        return all.stream().filter(condition).toList();
    }

    private static Rotation over(Mode mode, Rule rule, List<Member> members) {
        var only = List.of(rule.group(members));
        return new Rotation(mode, only, only);
    }

    private static Rotation over(Mode mode, Rule rule, List<Member> first, List<Member> second) {
        var groups = List.of(rule.group(first), rule.group(second));
        // In panic a first attempt may meet one that is ill; the next one had better not.
        return new Rotation(mode, groups, mode == Mode.PANIC ? groups.reversed() : groups);
    }

    /** Whether one has room that was not tried. */
    boolean another(Attempts attempts) {
        return groups.stream()
                .flatMap(group -> group.members().stream())
                .anyMatch(member -> !attempts.excludes(member.upstream()));
    }

    /** Whether one of them is not known to be ill. */
    boolean live() {
        return mode == Mode.DRAINING
                || groups.stream()
                        .flatMap(group -> group.members().stream())
                        .anyMatch(member -> member.upstream().available());
    }

    /** Whether this member gets work if somebody asks for it by name. */
    boolean serves(Member member) {
        return !member.upstream().removed()
                && (member.upstream().available()
                        || groups.stream().anyMatch(group -> group.members().contains(member)));
    }

    /** One with room, before all one that was not tried; null if there is none. */
    @Nullable
    Member pick(Attempts attempts) {
        if (attempts.made() == 0) {
            return pick(groups, attempts.key(), FULL);
        }
        var fresh = pick(forRetries, attempts.key(), attempts);
        return fresh != null ? fresh : pick(forRetries, attempts.key(), FULL);
    }

    private static @Nullable Member pick(List<Group> groups, long key, Exclusion exclusion) {
        for (int i = 0; i < groups.size(); i++) {
            var member = groups.get(i).pick(key, exclusion);
            if (member != null) {
                return member;
            }
        }
        return null;
    }
}
