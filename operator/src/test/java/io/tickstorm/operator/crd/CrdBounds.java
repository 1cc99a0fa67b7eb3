package io.tickstorm.operator.crd;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.util.ArrayList;
import java.util.List;

/** Which lists, mappings and texts of a specification could be as long as somebody likes: they would make rules costly and resources large. */
final class CrdBounds {
    private final List<String> missing = new ArrayList<>();

    private CrdBounds() {}

    static List<String> missing(CustomResourceDefinition definition) {
        var bounds = new CrdBounds();
        var root = definition.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema();
        bounds.look("spec", root.getProperties().get("spec"));
        return bounds.missing;
    }

    private void look(String path, JSONSchemaProps schema) {
        var text = "string".equals(schema.getType())
                && (schema.getEnum() == null || schema.getEnum().isEmpty());
        if (text && schema.getMaxLength() == null) {
            missing.add(path + ": maxLength");
        }
        if (schema.getProperties() != null) {
            schema.getProperties().forEach((name, child) -> look(path + "." + name, child));
        }
        if (schema.getItems() != null) {
            if (schema.getMaxItems() == null) {
                missing.add(path + ": maxItems");
            }
            look(path + "[]", schema.getItems().getSchema());
        }
        if (schema.getAdditionalProperties() != null) {
            if (schema.getMaxProperties() == null) {
                missing.add(path + ": maxProperties");
            }
            look(path + ".*", schema.getAdditionalProperties().getSchema());
        }
    }
}
