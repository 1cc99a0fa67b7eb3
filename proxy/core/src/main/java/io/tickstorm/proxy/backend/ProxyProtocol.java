package io.tickstorm.proxy.backend;

/** Which version of the PROXY protocol tells the upstreams of a backend who the client is (HAProxy, doc/proxy-protocol.txt). */
public enum ProxyProtocol {
    NONE,
    V1,
    V2
}
