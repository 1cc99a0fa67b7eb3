package io.tickstorm.operator.desired;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Shares of shares: a backend port that has a weight among others, and is served by several that have weights as well. */
final class Weights {
    /** The largest that the proxy takes. */
    private static final BigInteger MOST = BigInteger.valueOf(1_000_000);

    /** What the proxy knows of a share. Where there is more, its reader says so. */
    private static final Set<String> KNOWN = Set.of("name", "weight", "standby");

    private Weights() {}

    /** @param weight of the whole, as a fraction */
    private record Part(String name, BigInteger weight, BigInteger of, boolean standby) {}

    /**
     * The items of {@code backends} with those in the place of a port who serve it, each port keeping its share.
     *
     * @param given as the user wrote them; returned as they are if no port is served by several, or one is none
     * @param serving those who serve what goes to a name; empty = itself
     */
    static List<?> multiplied(List<?> given, Function<String, List<Share>> serving) {
        var parts = new ArrayList<Part>();
        var several = false;
        for (var item : given) {
            if (!(item instanceof Map<?, ?> words) || !(words.get("name") instanceof String name)) {
                return given;
            }
            var weight = words.get("weight") == null ? Integer.valueOf(1) : words.get("weight");
            if (!(weight instanceof Number number) || !KNOWN.containsAll(words.keySet())) {
                return given;
            }
            var standby = Boolean.TRUE.equals(words.get("standby"));
            var whole = BigInteger.valueOf(number.longValue());
            var shares = serving.apply(name);
            several |= shares.size() > 1;
            var sum = BigInteger.valueOf(
                    Math.max(1, shares.stream().mapToInt(Share::weight).sum()));
            if (shares.size() < 2) {
                parts.add(new Part(
                        shares.isEmpty() ? name : shares.getFirst().backend(), whole, BigInteger.ONE, standby));
                continue;
            }
            shares.forEach(share -> parts.add(
                    new Part(share.backend(), whole.multiply(BigInteger.valueOf(share.weight())), sum, standby)));
        }
        return several ? words(parts) : given;
    }

    /** In whole numbers, as small as they can be; what is too much for the proxy is rounded, and nobody's share to nothing. */
    private static List<Map<String, Object>> words(List<Part> parts) {
        var common = parts.stream().map(Part::of).reduce(BigInteger.ONE, Weights::multiple);
        var weights = parts.stream()
                .map(part -> part.weight().multiply(common.divide(part.of())))
                .toList();
        var divisor = weights.stream().reduce(BigInteger.ZERO, BigInteger::gcd).max(BigInteger.ONE);
        var largest = weights.stream().reduce(BigInteger.ONE, BigInteger::max).divide(divisor);
        var words = new ArrayList<Map<String, Object>>();
        for (int i = 0; i < parts.size(); i++) {
            var weight = weights.get(i).divide(divisor);
            if (largest.compareTo(MOST) > 0 && weight.signum() > 0) {
                weight = weight.multiply(MOST).divide(largest).max(BigInteger.ONE);
            }
            var word = new LinkedHashMap<String, Object>();
            word.put("name", parts.get(i).name());
            word.put("weight", weight.intValueExact());
            if (parts.get(i).standby()) {
                word.put("standby", true);
            }
            words.add(word);
        }
        return words;
    }

    private static BigInteger multiple(BigInteger one, BigInteger other) {
        return one.divide(one.gcd(other)).multiply(other);
    }
}
