package io.tickstorm.operator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The lines between the operator's packages, as docs/architecture.md draws them. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = classes();

    /** The rules ask for names of packages only, so the libraries, thousands of classes, are not read. */
    private static JavaClasses classes() {
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
        return new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.tickstorm.operator");
    }

    @Test
    void whatIsDesiredIsPure() {
        noClasses()
                .that()
                .resideInAPackage("..desired..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.fabric8.kubernetes.client..",
                        "io.vertx..",
                        "io.tickstorm.operator.reconcile..",
                        "java.net.http..")
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "getenv")
                .because("the same resource gives the same objects, on a cluster and without one")
                .check(CLASSES);
    }

    @Test
    void theResourceKnowsNobody() {
        noClasses()
                .that()
                .resideInAPackage("..crd..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("..desired..", "..reconcile..", "..local..", "io.vertx..")
                .check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.tickstorm.operator.(*)..")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }
}
