package io.tickstorm.cli.kube;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.WebSocketHandshakeException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/** What an API server did not do, in words for a person. */
final class Refusals {
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;

    private Refusals() {}

    static String words(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case WebSocketHandshakeException refused -> {
                    return forwarding(refused.getResponse().code());
                }
                case ConnectException refused -> {
                    return "the API server cannot be reached: " + orName(refused);
                }
                case UnknownHostException unknown -> {
                    return "the API server cannot be reached: unknown host " + unknown.getMessage();
                }
                case SSLException tls -> {
                    return "the API server is not trusted, or does not trust: " + orName(tls);
                }
                case TimeoutException late -> {
                    return "the API server did not answer in time";
                }
                case java.net.http.HttpTimeoutException late -> {
                    return "the API server did not answer in time";
                }
                default -> {
                    // Its own words, below.
                }
            }
        }
        if (failure instanceof KubernetesClientException refusal) {
            var status = refusal.getStatus();
            var message = status == null || status.getMessage() == null ? orName(refusal) : status.getMessage();
            return switch (refusal.getCode()) {
                case UNAUTHORIZED -> "the API server does not know who asks (401): " + message;
                case FORBIDDEN -> "not allowed: " + message;
                default -> message;
            };
        }
        var cause = failure.getCause();
        return cause instanceof KubernetesClientException refusal ? words(refusal) : orName(failure);
    }

    /** The answer to an upgrade has no words that the client keeps. */
    private static String forwarding(int status) {
        return switch (status) {
            case UNAUTHORIZED -> "the API server does not know who asks (401)";
            case FORBIDDEN -> "not allowed to forward its port (expected: get and create of pods/portforward)";
            default ->
                "the API server cannot forward its port: status " + status
                        + " (expected: a pod that runs, on a node whose kubelet answers)";
        };
    }

    private static String orName(Throwable failure) {
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }
}
