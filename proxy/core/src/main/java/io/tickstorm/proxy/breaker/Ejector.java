package io.tickstorm.proxy.breaker;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Says which upstreams fail more than their peers do. Pure: it takes what each of them did in an interval and returns
 * decisions; whoever asks owns the clock, and carries them out.
 *
 * <p>The usual rule, a success rate below mean − 1.9 standard deviations, cannot fire with few upstreams: of n values none
 * is further than √(n − 1) standard deviations from their mean (Samuelson, "How Deviant Can You Be?", 1968), which is 1.41
 * for three and first passes 1.9 with five, since the outlier drags the mean along and is most of the deviation itself.
 * So each one is compared with all others taken together, by the test for two proportions: with the rates p of the one and
 * q of the others and their common rate r,
 *
 * <pre>   z = (p − q) / √(r (1 − r) (1 / n + 1 / m))   for n attempts of the one and m of the others</pre>
 *
 * which works from two upstreams on. The worst one is judged first, and left out when the next one is compared.
 */
public final class Ejector {
    // A rate that differs by chance alone passes this in 3 of 100,000 comparisons: with three upstreams that are
    // compared
    // each 10 s, once in 30 hours, and then only if failurePercent lies between them, too.
    private static final double Z = 4;

    private final OutlierEjectionSettings settings;

    public Ejector(OutlierEjectionSettings settings) {
        this.settings = settings;
    }

    /**
     * What one upstream that is in rotation did in an interval.
     *
     * @param ended attempts that ended with a success or a failure
     * @param failed how many of them failed
     */
    public record Sample<T>(T upstream, long ended, long failed) {
        double rate() {
            return ended == 0 ? 0 : (double) failed / ended;
        }
    }

    /** @param detail for people: the numbers that caused it */
    public record Outlier<T>(T upstream, String detail) {}

    /**
     * Who is to be ejected; empty most of the time.
     *
     * @param samples of all upstreams that get work now
     * @param total how many upstreams there are, with those that are held back
     * @param out how many of them are ejected already
     */
    public <T> List<Outlier<T>> outliers(List<Sample<T>> samples, int total, int out) {
        var left = new ArrayList<>(samples);
        left.sort(Comparator.comparingDouble(Sample<T>::rate).reversed());
        var outliers = new ArrayList<Outlier<T>>();
        var candidates = List.copyOf(left);
        for (var candidate : candidates) {
            if (!allows(total, out + outliers.size(), left.size() - 1)) {
                break;
            }
            var peers = total(left, candidate);
            if (differs(candidate, peers)) {
                left.remove(candidate);
                outliers.add(new Outlier<>(candidate.upstream(), detail(candidate, peers)));
            }
        }
        return outliers;
    }

    /**
     * Whether one more may be ejected.
     *
     * @param total how many upstreams there are
     * @param out how many of them are ejected already
     * @param left how many would still get work
     */
    public boolean allows(int total, int out, int left) {
        int most = Math.max(1, total * settings.maxPercent() / 100);
        return settings.maxPercent() > 0 && left >= 1 && out < most;
    }

    private boolean differs(Sample<?> one, Sample<?> peers) {
        if (one.ended() < settings.minimumRequests() || peers.ended() < settings.minimumRequests()) {
            return false;
        }
        double difference = one.rate() - peers.rate();
        double common = (double) (one.failed() + peers.failed()) / (one.ended() + peers.ended());
        double deviation = Math.sqrt(common * (1 - common) * (1.0 / one.ended() + 1.0 / peers.ended()));
        return difference * 100 >= settings.failurePercent() && difference > Z * deviation;
    }

    private static <T> Sample<String> total(List<Sample<T>> samples, Sample<T> without) {
        long ended = 0;
        long failed = 0;
        for (var sample : samples) {
            if (sample != without) {
                ended += sample.ended();
                failed += sample.failed();
            }
        }
        return new Sample<>("all others", ended, failed);
    }

    private static String detail(Sample<?> one, Sample<?> peers) {
        return String.format(
                Locale.ROOT,
                "%.0f %% of its %d attempts failed, of the others' %d %.0f %%",
                100 * one.rate(),
                one.ended(),
                peers.ended(),
                100 * peers.rate());
    }
}
