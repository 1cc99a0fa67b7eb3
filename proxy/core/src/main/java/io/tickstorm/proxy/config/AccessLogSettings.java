package io.tickstorm.proxy.config;

import io.tickstorm.proxy.settings.Section;
import io.tickstorm.proxy.settings.Syntax;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is written of requests and connections that have ended.
 *
 * @param path the file; relative paths are relative to the configuration file; empty = standard output
 */
public record AccessLogSettings(Requests requests, String path) {
    public static final AccessLogSettings DEFAULT = new AccessLogSettings(Requests.FAILED, "");

    /** Which of them. */
    public enum Requests {
        NONE("None"),
        /** Those that ended badly, or needed more than one attempt. */
        FAILED("Failed"),
        ALL("All");

        private final String text;

        Requests(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    static AccessLogSettings read(Section section) {
        return new AccessLogSettings(
                section.enumeration("requests", DEFAULT.requests()),
                section.text("path", new Syntax<>("a path, or nothing for standard output", text -> text), ""));
    }

    Map<String, Object> toMap() {
        var map = new LinkedHashMap<String, Object>();
        map.put("requests", requests.toString());
        map.put("path", path);
        return map;
    }
}
