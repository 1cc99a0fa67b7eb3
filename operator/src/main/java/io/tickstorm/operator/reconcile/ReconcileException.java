package io.tickstorm.operator.reconcile;

import java.io.Serial;
import java.util.List;
import java.util.stream.Collectors;

/** Something was refused; the cluster's status says what, and the queue tries again. */
final class ReconcileException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    ReconcileException(List<Trouble> troubles) {
        super(troubles.stream().map(Trouble::message).collect(Collectors.joining("; ")), null, false, false);
    }

    @Override
    public String toString() {
        return String.valueOf(getMessage());
    }
}
