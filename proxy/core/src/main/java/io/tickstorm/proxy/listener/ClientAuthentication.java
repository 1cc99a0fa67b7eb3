package io.tickstorm.proxy.listener;

/** Whether a client has to show a certificate. */
public enum ClientAuthentication {
    /** It is not asked. */
    NONE,
    /** It is asked and may have none; one that cannot be verified is refused. */
    OPTIONAL,
    /** Without one that is verified there is no connection. */
    REQUIRED
}
