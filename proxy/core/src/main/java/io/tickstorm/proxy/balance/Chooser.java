package io.tickstorm.proxy.balance;

/** Picks among a fixed set of upstreams. Any thread; no lock, no allocation. */
@FunctionalInterface
public interface Chooser {
    /** What {@link #pick} says if there is no upstream, or none that is not excluded. */
    int NONE = -1;

    /** The key of a request or connection that has none. */
    long NO_KEY = 0;

    /**
     * The upstream for one attempt, as its position in the list that {@link Policy#over} got; {@link #NONE} if there is
     * none that is not excluded. The pick itself changes no count of any upstream.
     *
     * @param key what the policies that hash choose by, from {@link HashKey}; with {@link #NO_KEY} they choose the least
     *     loaded upstream. The others do not look at it
     */
    int pick(long key, Exclusion exclusion);
}
