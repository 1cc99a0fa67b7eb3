package io.tickstorm.operator.crd;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceSubresourceScale;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.SelectableField;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/**
 * The CustomResourceDefinition as the Java types say it: fabric8's generator, and after it what the generator cannot say (kinds of lists, whole numbers, the order of
 * columns, /scale, defaults of objects) or says twice (rules of record components, which it meets on the field and on the accessor).
 */
final class CrdManifest {
    private static final List<String> COLUMNS =
            List.of("Ready", "Backends", "Proxies", "Node ports", "Reason", "Age", "Message");

    /** What {@code kubectl get tsc --field-selector} can ask for. */
    private static final List<String> SELECTABLE = List.of(
            ".spec.backend.image",
            ".spec.backend.rollout.strategy",
            ".spec.loadBalancer.image",
            ".spec.loadBalancer.service.type");

    private CrdManifest() {}

    static CustomResourceDefinition definition() {
        var generated = new AtomicReference<CustomResourceDefinition>();
        new CRDGenerator()
                .customResourceClasses(List.of(TickStormCluster.class))
                .forCRDVersions("v1")
                .withPostProcessor(new CRDPostProcessor() {
                    @Override
                    public HasMetadata process(HasMetadata crd, String version) {
                        generated.set((CustomResourceDefinition) crd);
                        return crd;
                    }
                })
                .withOutput(new Discarded())
                .generate();
        return finished(generated.get());
    }

    /** The definition as JSON values, with whole numbers whole. */
    @SuppressWarnings("unchecked") // the object is a mapping, as every Kubernetes object is
    static Map<String, Object> tree() {
        return (Map<String, Object>) whole(new KubernetesSerialization().convertValue(definition(), Map.class));
    }

    static String yaml(Object tree) {
        var settings = DumpSettings.builder()
                .setDefaultFlowStyle(FlowStyle.BLOCK)
                .setSplitLines(false)
                .setIndicatorIndent(2)
                .setIndentWithIndicator(true)
                .build();
        return new Dump(settings).dumpToString(tree);
    }

    private static CustomResourceDefinition finished(CustomResourceDefinition crd) {
        var version = crd.getSpec().getVersions().getFirst();
        version.getAdditionalPrinterColumns().sort(Comparator.comparing(CrdManifest::place));
        version.getSubresources()
                .setScale(new CustomResourceSubresourceScale(
                        ".status.backend.selector", ".spec.backend.replicas", ".status.backend.replicas"));
        version.setSelectableFields(
                SELECTABLE.stream().map(SelectableField::new).toList());
        var root = version.getSchema().getOpenAPIV3Schema();
        root.setDescription(
                "Backends and the proxies in front of them: a load balancer as one resource. An empty spec is a whole cluster.");
        saidOnce(root);
        new ProxySchema().intoLoadBalancer(at(root, "spec.loadBalancer"));
        wholeNumbers(root);
        ProxySchema.add(
                at(root, "spec.loadBalancer.drain"),
                "duration(self.delay) <= duration('10m') && duration(self.delay) + duration(self.timeout) <= duration('24h')",
                "delay lasts at most 10m, and delay and timeout together at most 24h; shorten them");
        bounded("", root.getProperties().get("spec"));
        defaults(root);
        listsByKey(root);
        at(root, "spec.backend.ports").getAdditionalProperties().getSchema().setMinimum(1.0);
        at(root, "spec.backend.ports").getAdditionalProperties().getSchema().setMaximum(65535.0);
        return crd;
    }

    private static int place(CustomResourceColumnDefinition column) {
        var place = COLUMNS.indexOf(column.getName());
        if (place < 0) {
            throw new IllegalStateException(
                    "printer column " + column.getName() + " (expected: one of " + COLUMNS + ")");
        }
        return place;
    }

    /** So that an empty spec, or none, is filled in; whatever is optional below them appears only where a user begins to say it. */
    private static void defaults(JSONSchemaProps root) {
        for (var path : List.of("spec", "spec.backend", "spec.loadBalancer")) {
            at(root, path).setDefault(new KubernetesSerialization().unmarshal("{}", JsonNode.class));
        }
        at(root, "spec").setDescription("What the cluster is to be. Left out: all defaults.");
        at(root, "status").setDescription("What the operator says about the cluster.");
    }

    /** Lists whose elements have a key: two writers may then own different elements, and a key appears once. */
    private static void listsByKey(JSONSchemaProps root) {
        var keys = Map.of(
                "spec.loadBalancer.listeners", "name",
                "spec.loadBalancer.backends", "name",
                "spec.backend.env", "name",
                "status.conditions", "type",
                "status.loadBalancer.listeners", "name");
        keys.forEach((path, key) -> {
            var list = at(root, path);
            list.setXKubernetesListType("map");
            list.setXKubernetesListMapKeys(List.of(key));
            var element = list.getItems().getSchema();
            var required = new LinkedHashSet<>(element.getRequired());
            required.add(key);
            element.setRequired(new ArrayList<>(required));
        });
        at(root, "spec.backend.rollout.canary.steps").setXKubernetesListType("atomic");
        atomic(root, "spec.backend.args", "spec.loadBalancer.service.sourceRanges");
        for (var pod : List.of("spec.backend.pod", "spec.loadBalancer.pod")) {
            atomic(root, pod + ".tolerations", pod + ".imagePullSecrets");
            // beside preserve-unknown-fields it would prune what is deeper down
            at(root, pod + ".affinity").setAdditionalProperties(null);
        }
        for (var peers : List.of("spec.networkPolicy.clients", "spec.networkPolicy.backendClients")) {
            atomic(root, peers);
            at(root, peers)
                    .getItems()
                    .getSchema()
                    .getProperties()
                    .get("ipBlock")
                    .getProperties()
                    .get("except")
                    .setXKubernetesListType("atomic");
        }
        var condition = at(root, "status.conditions").getItems().getSchema();
        condition.getProperties().get("lastTransitionTime").setFormat("date-time");
    }

    private static void atomic(JSONSchemaProps root, String... paths) {
        for (var path : paths) {
            at(root, path).setXKubernetesListType("atomic");
        }
    }

    private static void saidOnce(JSONSchemaProps schema) {
        if (schema.getXKubernetesValidations() != null) {
            schema.setXKubernetesValidations(new ArrayList<>(new LinkedHashSet<>(schema.getXKubernetesValidations())));
        }
        children(schema).forEach(CrdManifest::saidOnce);
    }

    /** The values of mappings: those of labels have at most 63 characters. */
    private static void bounded(String name, JSONSchemaProps schema) {
        if (schema.getAdditionalProperties() != null) {
            var value = schema.getAdditionalProperties().getSchema();
            if (value != null && "string".equals(value.getType()) && value.getMaxLength() == null) {
                value.setMaxLength(name.equals("annotations") ? 32_768L : 63L);
            }
        }
        if (schema.getProperties() != null) {
            schema.getProperties().forEach(CrdManifest::bounded);
        }
        if (schema.getItems() != null) {
            bounded(name, schema.getItems().getSchema());
        }
    }

    private static void wholeNumbers(JSONSchemaProps schema) {
        if ("integer".equals(schema.getType())) {
            schema.setFormat("int32");
        }
        children(schema).forEach(CrdManifest::wholeNumbers);
        if (schema.getProperties() != null && schema.getProperties().containsKey("observedGeneration")) {
            schema.getProperties().get("observedGeneration").setFormat("int64");
        }
    }

    private static List<JSONSchemaProps> children(JSONSchemaProps schema) {
        var children = new ArrayList<JSONSchemaProps>();
        if (schema.getProperties() != null) {
            children.addAll(schema.getProperties().values());
        }
        if (schema.getItems() != null) {
            children.add(schema.getItems().getSchema());
        }
        if (schema.getAdditionalProperties() != null
                && schema.getAdditionalProperties().getSchema() != null) {
            children.add(schema.getAdditionalProperties().getSchema());
        }
        return children;
    }

    private static JSONSchemaProps at(JSONSchemaProps root, String path) {
        var schema = root;
        for (var name : path.split("\\.")) {
            schema = schema.getProperties().get(name);
            if (schema == null) {
                throw new IllegalStateException("no " + name + " of " + path + " in the generated schema");
            }
        }
        return schema;
    }

    private static Object whole(Object value) {
        return switch (value) {
            case Map<?, ?> map -> {
                var copy = new LinkedHashMap<Object, Object>();
                map.forEach((key, element) -> copy.put(key, whole(element)));
                yield copy;
            }
            case List<?> list -> list.stream().map(CrdManifest::whole).toList();
            case Double number when number == Math.rint(number) -> number.longValue();
            default -> value;
        };
    }

    /** The generator wants a place to write to. */
    private static final class Discarded implements CRDGenerator.CRDOutput<ByteArrayOutputStream> {
        @Override
        public ByteArrayOutputStream outputFor(String name) {
            return new ByteArrayOutputStream();
        }

        @Override
        public URI crdURI(String name) {
            return URI.create("file:///" + name);
        }

        @Override
        public void close() {}
    }
}
