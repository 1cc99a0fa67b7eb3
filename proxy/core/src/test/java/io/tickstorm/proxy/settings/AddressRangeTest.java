package io.tickstorm.proxy.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRangeTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.255.255, 11.0.0.0",
        "192.0.2.128/25, 192.0.2.255, 192.0.2.127",
        "192.0.2.1, 192.0.2.1, 192.0.2.0",
        "0.0.0.0/0, 255.0.0.1, ::1",
        "fd00::/8, fdff::1, fe00::1",
        "2001:db8:1:8000::/49, 2001:db8:1:ffff::1, 2001:db8:1:7fff::1",
        "::/0, 2001::1, 1.2.3.4",
    })
    void holdsWhatSharesItsPrefix(String text, String inside, String outside) {
        var range = Objects.requireNonNull(AddressRange.parse(text));

        assertThat(range.contains(InetAddress.ofLiteral(inside))).isTrue();
        assertThat(range.contains(InetAddress.ofLiteral(outside))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/8",
                "10.0.0.0/",
                "10.0.0.0/33",
                "fd00::/129",
                "10.0.0.0/-1",
                "10.0.0.1/8",
                "10/8",
                "[::1]/128",
                "host/8",
                "fe80::%1/64",
                "10.0.0.0/8/8",
                "10.0.0.0/1000"
            })
    void isNothingElse(String text) {
        assertThat(AddressRange.parse(text)).isNull();
    }

    @Test
    void isWrittenAsItIsRead() {
        for (var text : new String[] {"10.0.0.0/8", "192.0.2.1", "fd00::/8"}) {
            var range = Objects.requireNonNull(AddressRange.parse(text));

            assertThat(AddressRange.parse(range.toString())).isEqualTo(range);
        }
        assertThat(AddressRange.parse("192.0.2.1")).hasToString("192.0.2.1/32");
    }
}
