package io.tickstorm.proxy.endpoint;

import io.tickstorm.proxy.backend.Backend;

/** Looks up from below: what the architecture rules must find. */
public record LayerBreaker(Backend backend) {}
