package io.tickstorm.proxy.backend;

/** What is spoken with the upstreams of a backend that serves HTTP. */
public enum UpstreamProtocol {
    /** HTTP/1.1: a connection for each request that runs. */
    HTTP1,
    /**
     * HTTP/2: many requests on one connection. Without TLS by prior knowledge (RFC 9113 section 3.3); with TLS if the upstream chooses it
     * by ALPN, else HTTP/1.1.
     */
    HTTP2
}
