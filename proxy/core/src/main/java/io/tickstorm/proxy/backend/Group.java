package io.tickstorm.proxy.backend;

import io.tickstorm.proxy.balance.Chooser;
import io.tickstorm.proxy.balance.Exclusion;
import io.tickstorm.proxy.balance.Policy;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Members among whom the policy chooses; immutable.
 *
 * @param warmUp null = nobody needs it
 */
record Group(
        List<Member> members, Chooser chooser, @Nullable WarmUp warmUp) {

    /** @param random null if the policy gives shares by itself, to whomever it is asked for */
    static Group of(List<Member> members, Policy policy, @Nullable RandomGenerator random) {
        return new Group(
                members,
                policy.over(members.stream().map(Member::upstream).toList()),
                random == null ? null : WarmUp.of(members, random));
    }

    /**
     * One that is not excluded; null if there is none. One that warms up and has enough to do is left out while there is
     * another.
     */
    @Nullable
    Member pick(long key, Exclusion exclusion) {
        if (warmUp != null) {
            var warming = warmUp.pick(exclusion);
            if (warming != null) {
                return warming;
            }
        }
        int position = chooser.pick(key, exclusion);
        if (position == Chooser.NONE) {
            return null;
        }
        if (members.get(position).upstream().atCeiling()) {
            int other = chooser.pick(key, upstream -> upstream.atCeiling() || exclusion.excludes(upstream));
            return members.get(other == Chooser.NONE ? position : other);
        }
        return members.get(position);
    }

    /**
     * Gives those that warm up their share by chance. Policies that look for the least load would give them nothing while
     * the warm ones are idle: one request on a share of a tenth is more load than one on a whole share, always. They would
     * come out of the slow start as cold as they went in.
     */
    private record WarmUp(List<Member> warming, double all, RandomGenerator random) {

        static @Nullable WarmUp of(List<Member> members, RandomGenerator random) {
            var warming = members.stream().filter(Member::warming).toList();
            return warming.isEmpty() || warming.size() == members.size()
                    ? null
                    : new WarmUp(
                            warming,
                            members.stream()
                                    .mapToDouble(member -> member.upstream().share())
                                    .sum(),
                            random);
        }

        @Nullable
        Member pick(Exclusion exclusion) {
            double point = random.nextDouble() * all;
            for (int i = 0; i < warming.size(); i++) {
                var upstream = warming.get(i).upstream();
                point -= upstream.share();
                if (point < 0) {
                    return upstream.atCeiling() || exclusion.excludes(upstream) ? null : warming.get(i);
                }
            }
            return null;
        }
    }
}
