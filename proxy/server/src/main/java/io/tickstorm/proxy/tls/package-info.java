/**
 * TLS on connections of clients and to upstreams: which certificate is shown, who is trusted, and what an end of a
 * connection means. Certificates are read again when their files change; a connection keeps what it was opened with.
 */
@NullMarked
package io.tickstorm.proxy.tls;

import org.jspecify.annotations.NullMarked;
