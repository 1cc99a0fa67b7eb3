package io.tickstorm.proxy.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class ClientTest {
    @Test
    void everyAddressOfFourBytesIsAClientOfItsOwn() {
        assertThat(of("10.0.0.1")).isNotEqualTo(of("10.0.0.2")).isNotEqualTo(of("11.0.0.1"));
        assertThat(of("255.255.255.255")).isEqualTo(0x1_ffff_ffffL);
    }

    @Test
    void ofSixteenBytesTheFirstHalfCounts() {
        assertThat(of("2001:db8::1")).isEqualTo(of("2001:db8::ffff:0:0:1")).isEqualTo(0x2001_0db8_0000_0000L);
        assertThat(of("2001:db8:0:1::1")).isNotEqualTo(of("2001:db8::1"));
        assertThat(of("fe80::1")).isNotEqualTo(of("fe90::1"));
    }

    @Test
    void anIpv4ClientIsTheSameOnASocketForBothFamilies() throws UnknownHostException {
        var mapped = new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1, 10, 0, 0, 1};

        assertThat(Client.of(Inet6Address.getByAddress(null, mapped, -1)).key()).isEqualTo(of("10.0.0.1"));
        assertThat(of("::1")).isNotEqualTo(of("0.0.0.1"));
    }

    private static long of(String address) {
        return Client.of(InetAddress.ofLiteral(address)).key();
    }
}
