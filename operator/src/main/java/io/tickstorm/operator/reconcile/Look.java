package io.tickstorm.operator.reconcile;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import java.util.Map;

/** An object without what changes by itself: its status and the server's own bookkeeping. Two looks are equal if nobody changed anything else. */
record Look(Map<?, ?> fields) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> BOOKKEEPING = List.of("resourceVersion", "managedFields", "generation");

    static Look of(HasMetadata object) {
        var fields = JSON.convertValue(object, Map.class);
        fields.remove("status");
        if (fields.get("metadata") instanceof Map<?, ?> metadata) {
            metadata.keySet().removeAll(BOOKKEEPING);
        }
        return new Look(fields);
    }
}
