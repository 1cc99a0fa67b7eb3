package io.tickstorm.cli.show;

import io.tickstorm.cli.fleet.Standing;
import io.tickstorm.cli.show.Style.Paint;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Where a change of versions is. */
public final class RolloutText {
    private static final int BAR = 20;
    private static final int WHOLE = 100;

    private RolloutText() {}

    public static String of(Standing standing, Style style) {
        var rollout = standing.rollout();
        if (rollout == null) {
            return standing.name() + ": the operator has said nothing of versions yet\n";
        }
        var phase = rollout.getString("phase", "");
        var step = rollout.getString("step");
        var sign = switch (phase) {
            case "Stable", "Kept" -> style.good();
            case "Aborted" -> style.bad();
            default -> style.warn();
        };
        var root = new Tree(sign + " " + style.paint(Paint.STRONG, standing.name()) + "  "
                + rollout.getString("strategy") + ", "
                + phase + (step == null ? "" : " " + step)
                + (standing.stale() ? style.dot() + "the operator has not seen the newest specification yet" : ""));
        var revision = rollout.getString("revision", "");
        var stable = rollout.getString("stableRevision", "");
        if (revision.equals(stable)) {
            root.add(version(revision, "wanted and stable", rollout.getInteger("stableWeight", 0), style));
        } else {
            root.add(version(
                    revision,
                    wanted(revision, rollout.getString("abortedRevision")),
                    rollout.getInteger("weight", 0),
                    style));
            root.add(version(stable, "stable", rollout.getInteger("stableWeight", 0), style));
        }
        if (rollout.getString("previousRevision") != null) {
            root.add(version(rollout.getString("previousRevision"), "the one before, still runs", 0, style));
        }
        if (rollout.getString("acknowledged") != null) {
            root.add("proxies that have these shares: " + rollout.getString("acknowledged"));
        }
        if (rollout.getString("verdict") != null) {
            root.add("last verdict: " + rollout.getString("verdict"));
        }
        root.add(Standing.text(rollout, "message"));
        return root.write(style);
    }

    private static String wanted(String revision, @Nullable String aborted) {
        return Objects.equals(revision, aborted) ? "wanted, given up" : "wanted";
    }

    private static String version(String revision, String what, int weight, Style style) {
        var full = weight * BAR / WHOLE;
        var bar = (style.lines() ? "█" : "#").repeat(full) + (style.lines() ? "░" : ".").repeat(BAR - full);
        return "%s %s %3d %%  %s".formatted(revision, bar, weight, what);
    }
}
