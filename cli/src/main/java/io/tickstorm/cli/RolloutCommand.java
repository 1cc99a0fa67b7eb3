package io.tickstorm.cli;

import io.tickstorm.cli.fleet.Standing;
import io.tickstorm.cli.kube.KubePlace;
import io.tickstorm.cli.kube.Rollouts;
import io.tickstorm.cli.show.RolloutText;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tickstorm rollout}: versions of the backends, in Kubernetes. */
@Command(
        description = {
            "Look after new versions of the backends.",
            "How one takes over is said in docs/rollouts.md. A local run has only rolling updates, and nothing to say here."
        },
        mixinStandardHelpOptions = true,
        subcommands = {
            RolloutCommand.Status.class,
            RolloutCommand.Promote.class,
            RolloutCommand.Abort.class,
            RolloutCommand.Undo.class
        })
final class RolloutCommand implements Callable<Integer> {
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final String ABORTED = "Aborted";
    private static final List<String> AT_REST = List.of("Stable", "Kept");

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        if (spec != null) {
            spec.commandLine().usage(System.err);
        }
        return Main.NOT_UNDERSTOOD;
    }

    /** What all of them have. */
    abstract static class Part implements Callable<Integer> {
        @Parameters(
                arity = "0..1",
                paramLabel = "CLUSTER",
                description = "Its name; without it the only one of the namespace.")
        private @Nullable String cluster;

        @Mixin
        Where where = new Where();

        @Mixin
        Form form = new Form();

        @Override
        public Integer call() throws IOException, InterruptedException {
            try (var place = where.open()) {
                if (!(place instanceof KubePlace kube)) {
                    throw new IOException(
                            place.words()
                                    + " has only rolling updates (expected: a cluster of Kubernetes, such as --namespace NAME)");
                }
                return call(kube);
            }
        }

        abstract int call(KubePlace place) throws IOException, InterruptedException;

        Standing standing(KubePlace place) throws IOException {
            var sites = place.sites(cluster);
            if (sites.size() != 1) {
                throw new IOException("CLUSTER: missing (expected: "
                        + (sites.isEmpty()
                                ? "a TickStormCluster; there is none in " + place.words()
                                : "one of "
                                        + String.join(
                                                ", ",
                                                sites.stream()
                                                        .map(site -> site.cluster())
                                                        .toList()))
                        + ")");
            }
            var resource = sites.getFirst().resource();
            if (resource == null) {
                throw new IOException("there is no resource");
            }
            return new Standing(resource);
        }
    }

    /** Says something to the operator, by the resource. */
    abstract static class Word extends Part {
        private final Saying saying;

        Word(Saying saying) {
            this.saying = saying;
        }

        /** @return what was done, for the user */
        interface Saying {
            String say(Rollouts rollouts, Standing standing) throws IOException;
        }

        @Override
        int call(KubePlace place) throws IOException {
            var done = saying.say(new Rollouts(place), standing(place));
            System.out.print(form.text() ? done + "\n" : form.output().write(Map.of("done", done)));
            return Main.DONE;
        }
    }

    @Command(
            name = "status",
            description = {
                "Show where the change of versions is, and why.",
                "With --watch until it is at rest: promoted, or given up."
            },
            mixinStandardHelpOptions = true,
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:it was shown; with --watch, the wanted version has all the traffic",
                "1:it cannot be read",
                "2:the command line is wrong",
                "3:the wanted version was given up",
                "130:ended by Ctrl-C"
            })
    static final class Status extends Part {
        @Option(
                names = {"-w", "--watch"},
                description = "Go on until the change is at rest.")
        private boolean watch;

        @Override
        int call(KubePlace place) throws IOException, InterruptedException {
            var shown = "";
            while (true) {
                var standing = standing(place);
                var rollout = standing.rollout();
                var text = form.text()
                        ? RolloutText.of(standing, Form.style())
                        : form.output().write(rollout == null ? Map.of() : rollout.getMap());
                if (!text.equals(shown)) {
                    System.out.print(shown.isEmpty() || !form.text() ? text : "\n" + text);
                    System.out.flush();
                    shown = text;
                }
                var phase = rollout == null ? "" : rollout.getString("phase", "");
                if (phase.equals(ABORTED)) {
                    return Main.NOT_WELL;
                }
                if (!watch || AT_REST.contains(phase) && !standing.stale()) {
                    return Main.DONE;
                }
                TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
            }
        }
    }

    @Command(
            name = "promote",
            description = {
                "Let the version that is under way go on without waiting for a person.",
                "Sets spec.backend.rollout.promote: BlueGreen moves the traffic, a pause of Canary without an end is over. It is"
                        + " still given up if it does badly."
            },
            mixinStandardHelpOptions = true,
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:done",
                "1:there is nothing to promote, or it is not allowed",
                "2:the command line is wrong"
            })
    static final class Promote extends Word {
        Promote() {
            super(Rollouts::promote);
        }
    }

    @Command(
            name = "abort",
            description = {
                "Take the version that is under way out.",
                "Or the one that has just taken over, while the former one still runs. Sets spec.backend.rollout.abort. The"
                        + " specification still asks for it; `undo` makes it ask for the one before."
            },
            mixinStandardHelpOptions = true,
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {"0:done", "1:there is nothing to abort, or it is not allowed", "2:the command line is wrong"
            })
    static final class Abort extends Word {
        Abort() {
            super(Rollouts::abort);
        }
    }

    @Command(
            name = "undo",
            description = {
                "Have the specification ask for the version of before.",
                "The stable one while another is under way or was given up, the former one while it still runs; the ConfigMap"
                        + " CLUSTER-rollout remembers them. Changes spec.backend, but for replicas and rollout. Who keeps the"
                        + " resource in git has to go back there as well."
            },
            mixinStandardHelpOptions = true,
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:done",
                "1:no version of before is remembered, or it is not allowed",
                "2:the command line is wrong"
            })
    static final class Undo extends Word {
        Undo() {
            super(Rollouts::undo);
        }
    }
}
