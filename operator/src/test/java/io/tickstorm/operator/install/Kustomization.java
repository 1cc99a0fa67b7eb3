package io.tickstorm.operator.install;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the kustomizations of this repository as {@code kubectl kustomize} does; {@code InstallIT} compares the two. They list resources and may name the namespace
 * of all; anything else is refused.
 */
final class Kustomization {
    private static final Set<String> UNDERSTOOD = Set.of("apiVersion", "kind", "resources", "namespace");
    private static final Set<String> WITHOUT_NAMESPACE =
            Set.of("ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition", "APIService", "Namespace");

    private Kustomization() {}

    static List<Manifest> read(String folder) {
        var objects = new ArrayList<Manifest>();
        collect(folder, objects);
        objects.sort(Comparator.comparing(Manifest::id));
        return objects;
    }

    private static void collect(String folder, List<Manifest> objects) {
        var kustomization =
                Manifest.all(Manifest.file(folder + "/kustomization.yaml")).getFirst();
        if (!UNDERSTOOD.containsAll(kustomization.tree().keySet())) {
            throw new AssertionError(folder + ": " + kustomization.tree().keySet() + " (expected: " + UNDERSTOOD + ")");
        }
        var found = new ArrayList<Manifest>();
        for (var resource : Manifest.list(kustomization.at("resources"))) {
            var path = folder + '/' + resource;
            if (Files.isDirectory(Manifest.ROOT.resolve(path))) {
                collect(path, found);
            } else {
                found.addAll(Manifest.all(Manifest.file(path)));
            }
        }
        var namespace = kustomization.at("namespace");
        found.forEach(object -> place(object, namespace));
        objects.addAll(found);
    }

    private static void place(Manifest object, @Nullable Object namespace) {
        if (namespace != null && !WITHOUT_NAMESPACE.contains(object.kind())) {
            var metadata = Manifest.map(object.at("metadata"));
            // a binding in kube-system stays there only if no kustomization above it says otherwise
            metadata.put("namespace", namespace);
        }
    }
}
