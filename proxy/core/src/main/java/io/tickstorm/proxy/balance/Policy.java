package io.tickstorm.proxy.balance;

import io.tickstorm.proxy.endpoint.Upstream;
import java.util.List;

/** A way to share out work. It decides among those it is given; who may get work at all is decided elsewhere. */
public interface Policy {
    /**
     * A chooser among some upstreams. What the policy remembers from pick to pick, it remembers across choosers: making a
     * new one does not begin a new round.
     *
     * @param upstreams may be empty; weights are read now
     */
    Chooser over(List<Upstream> upstreams);
}
