package io.tickstorm.proxy.endpoint;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that holds an upstream back at one moment; immutable.
 *
 * @param bits one for each reason, see {@link HoldReason#bit}
 * @param list the same in the order of {@link HoldReason}
 */
record Holds(int bits, List<Hold> list) {
    static final Holds NONE = new Holds(0, List.of());

    Holds with(HoldReason reason, String detail, long now) {
        var known = find(reason);
        if (known != null && known.detail().equals(detail)) {
            return this;
        }
        var changed = new ArrayList<>(list);
        changed.remove(known);
        changed.add(new Hold(reason, detail, known == null ? now : known.sinceNanos()));
        changed.sort(Comparator.comparing(Hold::reason));
        return new Holds(bits | reason.bit(), List.copyOf(changed));
    }

    Holds without(HoldReason reason) {
        return new Holds(
                bits & ~reason.bit(),
                list.stream().filter(hold -> hold.reason() != reason).toList());
    }

    private @Nullable Hold find(HoldReason reason) {
        return list.stream().filter(hold -> hold.reason() == reason).findFirst().orElse(null);
    }
}
