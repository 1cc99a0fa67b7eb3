package io.tickstorm.proxy.endpoint;

/**
 * Which process an endpoint is. An address alone is not enough: Kubernetes gives the address of a pod that is gone to
 * another one, which must not inherit what was learnt about the first.
 *
 * @param uid the pod's UID; for endpoints without one, whatever tells two lives apart, or empty
 * @param host IP address or host name
 * @param port 1..65535
 */
public record EndpointId(String uid, String host, int port) {

    /** Where it is reached, for example {@code 10.0.0.1:8000} or {@code [fd00::1]:8000}. */
    public String address() {
        return (host.indexOf(':') >= 0 ? '[' + host + ']' : host) + ':' + port;
    }
}
