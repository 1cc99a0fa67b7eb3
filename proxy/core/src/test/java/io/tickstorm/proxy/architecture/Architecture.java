package io.tickstorm.proxy.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/**
 * What the code of the proxy must not do, as rules: {@code docs/architecture.md} gives the reasons. For the tests of every
 * module of the proxy.
 */
public final class Architecture {
    private static final String BASE = "io.tickstorm.proxy";
    /** The composition root, and the package of what has no package of its own. */
    private static final String ROOT = "";

    /** Lowest first. A package depends only on packages of a lower number, never on one of its own. */
    private static final Map<String, Integer> LAYERS = Map.ofEntries(
            Map.entry("time", 0),
            Map.entry("settings", 0),
            Map.entry("endpoint", 1),
            Map.entry("route", 1),
            Map.entry("listener", 2),
            Map.entry("balance", 2),
            Map.entry("breaker", 2),
            Map.entry("retry", 2),
            Map.entry("health", 2),
            Map.entry("admission", 3),
            Map.entry("backend", 3),
            Map.entry("config", 4),
            Map.entry("sim", 4),
            Map.entry("transport", 5),
            Map.entry("discovery", 6),
            Map.entry("access", 5),
            Map.entry("http1", 5),
            Map.entry("http2", 6),
            Map.entry("gzip", 6),
            Map.entry("tls", 7),
            Map.entry("proxyprotocol", 6),
            Map.entry("sni", 6),
            Map.entry("websocket", 6),
            Map.entry("probing", 8),
            Map.entry("tcp", 8),
            Map.entry("http", 8),
            Map.entry("metrics", 9),
            Map.entry("history", 9),
            Map.entry("admin", 10),
            Map.entry(ROOT, 11));

    /** Calls that bring in time or chance; the value is the set of method names, empty for all of the class. */
    private static final Map<String, Set<String>> CLOCKS_AND_DICE = Map.of(
            "java.lang.System", Set.of("nanoTime", "currentTimeMillis"),
            "java.lang.Thread", Set.of("sleep"),
            "java.lang.Math", Set.of("random"),
            "java.time.Instant", Set.of("now"),
            "java.time.Clock", Set.of("systemUTC", "systemDefaultZone", "system"),
            "java.util.Random", Set.of(),
            "java.util.SplittableRandom", Set.of(),
            "java.util.concurrent.ThreadLocalRandom", Set.of(),
            "java.util.Timer", Set.of(),
            "io.vertx.core.Vertx", Set.of("setTimer", "setPeriodic", "timer"));

    private Architecture() {}

    /** All classes of the proxy on the class path, tests and fixtures left out. */
    public static JavaClasses proxy() {
        return new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(location -> !location.contains("-tests.jar"))
                .importPackages(BASE);
    }

    /** The table of packages; with it there are no cycles between them either. */
    public static ArchRule layers() {
        return classes().should(new ArchCondition<>("depend only on packages of a lower number") {
            @Override
            public void check(JavaClass origin, ConditionEvents events) {
                for (var dependency : origin.getDirectDependenciesFromSelf()) {
                    var target = dependency.getTargetClass().getBaseComponentType();
                    if (target.getPackageName().startsWith(BASE) && !allowed(origin, target)) {
                        events.add(SimpleConditionEvent.violated(origin, dependency.getDescription()));
                    }
                }
                if (!LAYERS.containsKey(layer(origin))) {
                    events.add(SimpleConditionEvent.violated(
                            origin, origin.getPackageName() + " is not in the table of packages"));
                }
            }
        });
    }

    /**
     * No clock, timer or chance outside {@code time}.
     *
     * @param roots simple names of classes of the composition root, which may use them to build what the others get
     */
    public static ArchRule noClockOutsideTime(String... roots) {
        return noClasses()
                .that(DescribedPredicate.describe(
                        "are neither in time nor among " + Arrays.toString(roots),
                        type -> !layer(type).equals("time")
                                && !(layer(type).equals(ROOT)
                                        && Arrays.asList(roots).contains(outermost(type)))))
                .should()
                .accessTargetWhere(DescribedPredicate.describe(
                        "brings in time or chance", access -> isClockOrDice(access.getTarget())));
    }

    /** What decides knows nothing of what moves bytes, talks to Kubernetes or exports metrics. */
    public static ArchRule noFrameworksInTheCore() {
        return noClasses()
                .that(DescribedPredicate.describe(
                        "are in the core", type -> LAYERS.getOrDefault(layer(type), Integer.MAX_VALUE) <= 4))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx..", "io.netty..", "io.fabric8..", "io.micrometer..", "org.slf4j..");
    }

    private static boolean allowed(JavaClass origin, JavaClass target) {
        return layer(origin).equals(layer(target))
                || LAYERS.getOrDefault(layer(target), Integer.MAX_VALUE) < LAYERS.getOrDefault(layer(origin), 0);
    }

    private static String layer(JavaClass type) {
        var rest = type.getPackageName().substring(BASE.length());
        return rest.isEmpty() ? ROOT : rest.split("\\.")[1];
    }

    private static String outermost(JavaClass type) {
        return type.getEnclosingClass().map(Architecture::outermost).orElse(type.getSimpleName());
    }

    private static boolean isClockOrDice(AccessTarget target) {
        var names = CLOCKS_AND_DICE.get(target.getOwner().getName());
        return names != null && (names.isEmpty() || names.contains(target.getName()));
    }
}
