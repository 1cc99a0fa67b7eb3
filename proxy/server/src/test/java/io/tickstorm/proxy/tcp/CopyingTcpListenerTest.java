package io.tickstorm.proxy.tcp;

/** The same where the proxy copies all bytes itself. */
class CopyingTcpListenerTest extends TcpListenerTest {
    @Override
    boolean splices() {
        return false;
    }
}
