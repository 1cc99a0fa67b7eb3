package io.tickstorm.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.jackson.JacksonCodec;
import org.junit.jupiter.api.Test;

class TreesOnlyTest {
    @Test
    void vertxReadsAndWritesJsonWithoutDatabind() {
        var text = "{\"a\":[1,true,null,\"ü\"]}";

        assertThat(Json.CODEC.getClass()).isSameAs(JacksonCodec.class);
        assertThat(new JsonObject(text))
                .isEqualTo(new JsonObject()
                        .put("a", new JsonArray().add(1).add(true).addNull().add("ü")));
        assertThat(new JsonObject(text).encode()).isEqualTo(text);
    }
}
