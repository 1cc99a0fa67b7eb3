package io.tickstorm.process;

import io.vertx.core.json.jackson.JacksonCodec;
import io.vertx.core.spi.JsonFactory;
import io.vertx.core.spi.json.JsonCodec;

/**
 * Has Vert.x read and write JSON as trees, and nothing else. Where it finds Jackson's databind, which fabric8 brings along, it would
 * rather map objects; nobody here asks it to, and databind is a tenth of all classes that a proxy loads.
 */
public final class TreesOnly implements JsonFactory {
    @Override
    public JsonCodec codec() {
        return new JacksonCodec();
    }
}
