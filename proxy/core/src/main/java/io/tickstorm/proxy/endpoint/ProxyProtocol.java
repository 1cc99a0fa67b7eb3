package io.tickstorm.proxy.endpoint;

/** Which version of the PROXY protocol tells the endpoints who the client is (HAProxy, doc/proxy-protocol.txt). */
public enum ProxyProtocol {
    NONE,
    V1,
    V2
}
