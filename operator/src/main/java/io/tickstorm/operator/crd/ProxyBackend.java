package io.tickstorm.operator.crd;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A backend of the proxies in their own words. One that is named as a port of {@code spec.backend} says what is different for that port, section by section; any other
 * one has a {@code discovery} of its own, and the proxy's defaults for what it does not say.
 *
 * @param words the proxy's, but for the name
 */
public record ProxyBackend(
        @JsonPropertyDescription(
                "A port of spec.backend, to treat it in its own way: a section given here stands in for that of spec.loadBalancer."
                        + " Or another name, for a backend with a discovery of its own, which listeners and routes send to by this name.")
        @Required
        @Size(min = 1, max = 63)
        @Pattern("^[a-z0-9-]+$")
        String name,

        @JsonAnySetter @JsonAnyGetter Map<String, Object> words) {

    public ProxyBackend(String name, @Nullable Map<String, Object> words) {
        this.name = name;
        this.words = Words.of(words);
    }

    /** Whether it is one beside the ports of {@code spec.backend}. */
    public boolean further() {
        return words.containsKey("discovery");
    }
}
