package io.tickstorm.proxy.settings;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * A range of IP addresses in CIDR notation: {@code 10.0.0.0/8}, {@code fd00::/8}. Immutable.
 *
 * @param network its first address
 * @param prefix how many leading bits an address shares with it: 0..32 for IPv4, 0..128 for IPv6
 */
public record AddressRange(InetAddress network, int prefix) {
    /** A range, or a single address; bits after the prefix must be zero. */
    public static final Syntax<AddressRange> SYNTAX = new Syntax<>(
            "an address range such as 10.0.0.0/8 or fd00::/8, without bits after the prefix", AddressRange::parse);

    static @Nullable AddressRange parse(String text) {
        int slash = text.indexOf('/');
        var host = slash < 0 ? text : text.substring(0, slash);
        // A zone (fe80::1%eth0) belongs to a machine, not to a range.
        if (!Syntax.isAddress(host) || host.indexOf('%') >= 0) {
            return null;
        }
        var network = InetAddress.ofLiteral(host);
        int bits = network.getAddress().length * Byte.SIZE;
        var digits = slash < 0 ? Integer.toString(bits) : text.substring(slash + 1);
        if (!digits.matches("[0-9]{1,3}") || Integer.parseInt(digits) > bits) {
            return null;
        }
        var range = new AddressRange(network, Integer.parseInt(digits));
        return range.beginsWithNetwork() ? range : null;
    }

    private boolean beginsWithNetwork() {
        var address = network.getAddress();
        for (int bit = prefix; bit < address.length * Byte.SIZE; bit++) {
            if ((address[bit / Byte.SIZE] & 0x80 >> bit % Byte.SIZE) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether the address is in it; one of the other family never is. */
    public boolean contains(InetAddress address) {
        var ours = network.getAddress();
        var theirs = address.getAddress();
        if (ours.length != theirs.length) {
            return false;
        }
        int whole = prefix / Byte.SIZE;
        for (int i = 0; i < whole; i++) {
            if (ours[i] != theirs[i]) {
                return false;
            }
        }
        int rest = prefix % Byte.SIZE;
        return rest == 0 || (ours[whole] ^ theirs[whole]) >> Byte.SIZE - rest == 0;
    }

    /** As it is written in a configuration. */
    @Override
    public String toString() {
        return network.getHostAddress() + "/" + prefix;
    }
}
