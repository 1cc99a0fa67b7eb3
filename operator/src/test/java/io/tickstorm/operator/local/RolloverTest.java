package io.tickstorm.operator.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.tickstorm.operator.local.Rollover.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RolloverTest {
    private static final class Pod implements Rollover.Member {
        private boolean current = true;
        private boolean ready;

        static Pod old(boolean ready) {
            var pod = new Pod();
            pod.current = false;
            pod.ready = ready;
            return pod;
        }

        static Pod current(boolean ready) {
            var pod = new Pod();
            pod.ready = ready;
            return pod;
        }

        @Override
        public boolean current() {
            return current;
        }

        @Override
        public boolean ready() {
            return ready;
        }
    }

    @Test
    void startsAllThatAreMissingAtOnce() {
        assertThat(Rollover.next(2, List.<Pod>of())).isInstanceOf(Step.Start.class);
        assertThat(Rollover.next(2, List.of(Pod.current(false)))).isInstanceOf(Step.Start.class);
        assertThat(Rollover.next(2, List.of(Pod.current(false), Pod.current(false))))
                .isInstanceOf(Step.Wait.class);
    }

    @Test
    void anUpdateBeginsWithOneMoreAndWaitsUntilItIsReady() {
        var old = List.of(Pod.old(true), Pod.old(true));
        assertThat(Rollover.next(2, old)).isInstanceOf(Step.Start.class);

        var surged = List.of(Pod.old(true), Pod.old(true), Pod.current(false));
        assertThat(Rollover.next(2, surged)).isInstanceOf(Step.Wait.class);

        surged.getLast().ready = true;
        assertThat(Rollover.next(2, surged)).isEqualTo(new Step.Retire<>(surged.getFirst()));
    }

    @Test
    void anOldOneThatIsNotReadyMakesRoomAtOnce() {
        var members = List.of(Pod.old(true), Pod.old(false));

        assertThat(Rollover.next(2, members)).isEqualTo(new Step.Retire<>(members.getLast()));
    }

    @Test
    void successorsThatNeverGetReadyCostNothing() {
        var members = List.of(Pod.old(true), Pod.old(true), Pod.current(false));

        assertThat(Rollover.next(2, members)).isInstanceOf(Step.Wait.class);
    }

    @Test
    void scalesDownByTheYoungestAndFirstByThoseThatAreNotReady() {
        var ready = List.of(Pod.current(true), Pod.current(true));
        assertThat(Rollover.next(1, ready)).isEqualTo(new Step.Retire<>(ready.getLast()));

        var mixed = List.of(Pod.current(false), Pod.current(true));
        assertThat(Rollover.next(1, mixed)).isEqualTo(new Step.Retire<>(mixed.getFirst()));
    }

    /** Whatever happens to replicas meanwhile, an update itself never takes a ready one below the wanted number, and it ends. */
    @Test
    void noUpdateEverTakesAReadyOneTooMany() {
        var seed = 20261121L;
        var random = new Random(seed);
        for (int round = 0; round < 1000; round++) {
            var wanted = random.nextInt(1, 6);
            var members = new ArrayList<Pod>();
            for (int i = random.nextInt(7); i > 0; i--) {
                members.add(Pod.old(random.nextInt(4) > 0));
            }
            var steps = 0;
            while (!done(wanted, members)) {
                assertThat(++steps).as("steps, seed %d, round %d", seed, round).isLessThan(200);
                switch (Rollover.next(wanted, members)) {
                    case Step.Start<Pod>() -> {
                        members.add(Pod.current(false));
                        assertThat(members.size()).isLessThanOrEqualTo(Math.max(wanted + 1, members.size() - 1));
                    }
                    case Step.Retire<Pod>(var pod) -> {
                        var ready = members.stream().filter(Pod::ready).count();
                        members.remove(pod);
                        assertThat(!pod.ready || ready > wanted)
                                .as("seed %d, round %d", seed, round)
                                .isTrue();
                    }
                    case Step.Wait<Pod>() ->
                        members.stream().filter(pod -> !pod.ready).forEach(pod -> pod.ready = random.nextBoolean());
                }
            }
        }
    }

    private static boolean done(int wanted, List<Pod> members) {
        return members.size() == wanted && members.stream().allMatch(pod -> pod.current && pod.ready);
    }
}
