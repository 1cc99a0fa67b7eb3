package io.tickstorm.proxy.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DrainGateTest {
    private final DrainGate gate = new DrainGate();
    private final AtomicInteger emptied = new AtomicInteger();

    @Test
    void countsWhatRuns() {
        gate.enter();
        gate.enter();
        gate.exit();

        assertThat(gate.running()).isOne();
        assertThat(gate.phase()).isEqualTo(DrainGate.Phase.OPEN);
    }

    @Test
    void stillLetsInWhileDrainingAndNothingOnceClosed() {
        gate.beginDrain();
        assertThat(gate.phase()).isEqualTo(DrainGate.Phase.DRAINING);
        assertThat(gate.enter()).isTrue();

        gate.close();
        assertThat(gate.phase()).isEqualTo(DrainGate.Phase.CLOSED);
        assertThat(gate.enter()).isFalse();
        assertThat(gate.running()).isOne();
    }

    @Test
    void neverGoesBack() {
        gate.close();
        gate.beginDrain();

        assertThat(gate.phase()).isEqualTo(DrainGate.Phase.CLOSED);
    }

    @Test
    void tellsWhenTheLastPieceOfWorkEnds() {
        gate.enter();
        gate.enter();
        gate.whenEmpty(emptied::incrementAndGet);
        gate.beginDrain();
        gate.close();
        gate.exit();
        assertThat(emptied).hasValue(0);

        gate.exit();

        assertThat(emptied).hasValue(1);
    }

    @Test
    void beingEmptyMeansNothingBeforeItIsClosed() {
        gate.whenEmpty(emptied::incrementAndGet);
        gate.beginDrain();
        gate.enter();
        gate.exit();
        assertThat(emptied).hasValue(0);

        gate.close();

        assertThat(emptied).hasValue(1);
    }

    @Test
    void tellsAtOnceIfItIsClosedAndEmptyAlready() {
        gate.close();

        gate.whenEmpty(emptied::incrementAndGet);
        gate.whenEmpty(emptied::incrementAndGet);

        assertThat(emptied).hasValue(2);
    }

    @Test
    void anExitWithoutAnEnterIsAMistake() {
        gate.beginDrain();

        assertThatIllegalStateException().isThrownBy(gate::exit);
        assertThat(gate.running()).isZero();
        assertThat(gate.phase()).isEqualTo(DrainGate.Phase.DRAINING);
    }

    /** Workers enter and leave while another thread closes: what got in is waited for, and the end is told once. */
    @Test
    void closingRacesWithWorkAndLosesNone() throws Exception {
        for (int round = 0; round < 300; round++) {
            var raced = new DrainGate();
            var told = new AtomicInteger();
            var left = new AtomicInteger();
            var entered = new AtomicInteger();
            var leftWhenTold = new AtomicInteger(-1);
            raced.whenEmpty(() -> {
                leftWhenTold.set(left.get());
                told.incrementAndGet();
            });
            var start = new CyclicBarrier(4);
            var workers = new Thread[3];
            for (int i = 0; i < workers.length; i++) {
                workers[i] = Thread.ofPlatform().start(() -> {
                    meet(start);
                    for (int turn = 0; turn < 50 && raced.enter(); turn++) {
                        entered.incrementAndGet();
                        left.incrementAndGet();
                        raced.exit();
                    }
                });
            }
            meet(start);
            raced.beginDrain();
            raced.close();
            for (var worker : workers) {
                worker.join();
            }

            assertThat(told).hasValue(1);
            assertThat(leftWhenTold).hasValue(entered.get());
            assertThat(raced.running()).isZero();
        }
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception broken) {
            throw new IllegalStateException(broken);
        }
    }
}
