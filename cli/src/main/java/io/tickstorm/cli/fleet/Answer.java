package io.tickstorm.cli.fleet;

import io.vertx.core.json.JsonObject;

/** What came of asking a proxy. */
public sealed interface Answer {
    /** It answered. */
    record Told(int status, JsonObject body) implements Answer {
        private static final int OK = 200;

        public boolean done() {
            return status == OK;
        }

        /** Why it refused, in its own words. */
        public String error() {
            return body.getString("error", "status " + status);
        }
    }

    /** It did not; why, as far as is known. */
    record Silent(String why) implements Answer {}
}
