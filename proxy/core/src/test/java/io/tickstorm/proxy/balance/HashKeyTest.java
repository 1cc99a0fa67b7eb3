package io.tickstorm.proxy.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import org.junit.jupiter.api.Test;

class HashKeyTest {
    @Test
    void aTextAndItsBytesHaveTheSameKey() {
        var bytes = "session=ü42".getBytes(StandardCharsets.ISO_8859_1);

        assertThat(HashKey.of("session=ü42")).isEqualTo(HashKey.of(bytes));
        assertThat(HashKey.of(bytes, 8, bytes.length)).isEqualTo(HashKey.of("ü42"));
    }

    @Test
    void theKeyOfAnAddressNeverChanges() throws Exception {
        // Proxies of different versions must agree, so this number may not change.
        assertThat(HashKey.of(InetAddress.getByName("10.0.0.1"))).isEqualTo(HashKey.of(new byte[] {10, 0, 0, 1}));
        assertThat(HashKey.of("")).isEqualTo(HashKey.mix(0xCBF2_9CE4_8422_2325L));
    }

    @Test
    void neighboursHaveNothingInCommon() {
        var highest = new HashSet<Long>();
        var lowest = new HashSet<Long>();
        for (int i = 0; i < 256; i++) {
            long key = HashKey.of(new byte[] {10, 0, 0, (byte) i});
            highest.add(key >>> 56);
            lowest.add(key & 0xFF);
        }

        // Of 256 balls into 256 bins, 1 - 1/e of the bins get one: 162.
        assertThat(highest).hasSizeBetween(140, 185);
        assertThat(lowest).hasSizeBetween(140, 185);
    }

    @Test
    void thereIsAKeyForNothing() {
        assertThat(HashKey.of("")).isNotEqualTo(Chooser.NO_KEY);
    }
}
