package dev.strongroom.gateway.authz;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * IP addresses with the same first bits (RFC 4632; RFC 4291, 2.2 and 2.3). IPv4 addresses are kept as IPv6 maps them (RFC
 * 4291, 2.5.5.2), so that a caller who comes in by either notation is the same.
 *
 * <p>Reads for itself, because the readers of the library may look names up.
 */
final class AddressRange {

    private static final int OCTETS = 16;
    private static final int GROUPS = 8;
    private static final int MAPPED_BITS = 96;

    private final byte[] address;
    private final int bits;

    private AddressRange(byte[] address, int bits) {
        this.address = address;
        this.bits = bits;
    }

    /** {@code 203.0.113.0/24}, {@code 2001:db8::/32}, or one address; empty if it is neither. */
    static Optional<AddressRange> find(String text) {
        int slash = text.indexOf('/');
        var address = parse(slash < 0 ? text : text.substring(0, slash));
        if (address == null) {
            return Optional.empty();
        }
        int offset = text.indexOf(':') < 0 ? MAPPED_BITS : 0;
        int longest = OCTETS * 8 - offset;
        int prefix = slash < 0 ? longest : decimal(text.substring(slash + 1), longest);
        return prefix < 0 ? Optional.empty() : Optional.of(new AddressRange(address, offset + prefix));
    }

    /** Whether it holds this address; no text but an address is in any range. */
    boolean contains(String text) {
        var other = parse(text);
        if (other == null) {
            return false;
        }
        int whole = bits / 8;
        int mask = 0xff00 >> bits % 8 & 0xff;
        return Arrays.equals(address, 0, whole, other, 0, whole)
                && (mask == 0 || (address[whole] & mask) == (other[whole] & mask));
    }

    private static byte @Nullable [] parse(String text) {
        return text.indexOf(':') < 0 ? parseV4(text) : parseV6(text);
    }

    private static byte @Nullable [] parseV4(String text) {
        var parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return null;
        }
        var address = new byte[OCTETS];
        address[10] = address[11] = (byte) 0xff;
        for (int i = 0; i < 4; i++) {
            int octet = decimal(parts[i], 255);
            if (octet < 0) {
                return null;
            }
            address[12 + i] = (byte) octet;
        }
        return address;
    }

    private static byte @Nullable [] parseV6(String text) {
        int gap = text.indexOf("::");
        var head = groups(gap < 0 ? text : text.substring(0, gap));
        var tail = groups(gap < 0 ? "" : text.substring(gap + 2));
        if (head == null || tail == null) {
            return null;
        }
        int given = head.length + tail.length;
        if (gap < 0 ? given != OCTETS : given > OCTETS - 2) {
            return null;
        }
        var address = Arrays.copyOf(head, OCTETS);
        System.arraycopy(tail, 0, address, OCTETS - tail.length, tail.length);
        return address;
    }

    /** Groups of four hexadecimal digits, the last two perhaps in IPv4's notation. */
    private static byte @Nullable [] groups(String text) {
        if (text.isEmpty()) {
            return new byte[0];
        }
        var parts = text.split(":", -1);
        boolean endsInV4 = parts[parts.length - 1].indexOf('.') >= 0;
        int count = parts.length + (endsInV4 ? 1 : 0);
        if (count > GROUPS) {
            return null;
        }
        var octets = new byte[count * 2];
        for (int i = 0; i < parts.length; i++) {
            if (endsInV4 && i == parts.length - 1) {
                var v4 = parseV4(parts[i]);
                if (v4 == null) {
                    return null;
                }
                System.arraycopy(v4, 12, octets, i * 2, 4);
            } else {
                int group = hexadecimal(parts[i]);
                if (group < 0) {
                    return null;
                }
                octets[i * 2] = (byte) (group >> 8);
                octets[i * 2 + 1] = (byte) group;
            }
        }
        return octets;
    }

    private static int hexadecimal(String text) {
        if (text.isEmpty() || text.length() > 4) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) < 128 ? Character.digit(text.charAt(i), 16) : -1;
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }

    /** A number up to {@code limit} without leading zeros, which some take for octal; negative otherwise. */
    private static int decimal(String text, int limit) {
        if (text.isEmpty() || text.length() > 3 || (text.length() > 1 && text.charAt(0) == '0')) {
            return -1;
        }
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return -1;
            }
            value = value * 10 + text.charAt(i) - '0';
        }
        return value <= limit ? value : -1;
    }
}
