package dev.strongroom.hsm.node.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.strongroom.hsm.protocol.Bytes;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How far a node's trail had come: its last record and that one's hash, which stands for all before it. Signed by the node
 * and kept by its peers, so that a trail that was cut short afterwards contradicts them.
 *
 * @param node whose trail, 1 to 63 of {@code A-Z a-z 0-9 . _ -}
 * @param boot which start of the node
 * @param hash 32 bytes
 * @param signature over {@link #signed}; empty from a node without a certificate
 */
record TrailHead(String node, long boot, long seq, Bytes hash, Bytes signature) {

    private static final String MAGIC = "SRA1";
    private static final Pattern MESSAGE = Pattern.compile(
            MAGIC + " ([A-Za-z0-9._-]{1,63}) (\\d{1,18}) (\\d{1,18}) ([0-9a-f]{64}) ((?:[0-9a-f]{2}){0,1024})");

    /** What the signature is over: one line for each part, so that no two heads read alike. */
    static byte[] signed(String lineage, String node, long boot, long seq, byte[] hash) {
        var text = "strongroom audit head v1\n" + lineage + "\n" + node + "\n" + boot + "\n" + seq + "\n"
                + Bytes.copyOf(hash).toHex() + "\n";
        return text.getBytes(US_ASCII);
    }

    /** The fields of a checkpoint. */
    Line toFields() {
        return new Line()
                .number("head", seq)
                .hex("headHash", hash.readOnlyArray())
                .hex("signature", signature.readOnlyArray());
    }

    /** Whether a message between members is one of these; no other begins with these four bytes. */
    static boolean isMessage(byte[] message) {
        return message.length > MAGIC.length() && new String(message, 0, MAGIC.length(), US_ASCII).equals(MAGIC);
    }

    byte[] toMessage() {
        return (MAGIC + " " + node + " " + boot + " " + seq + " " + hash.toHex() + " " + signature.toHex())
                .getBytes(US_ASCII);
    }

    /** Empty if it is none. */
    static Optional<TrailHead> ofMessage(byte[] message) {
        var match = MESSAGE.matcher(new String(message, US_ASCII));
        return match.matches()
                ? Optional.of(new TrailHead(
                        match.group(1),
                        Long.parseLong(match.group(2)),
                        Long.parseLong(match.group(3)),
                        Bytes.ofHex(match.group(4)),
                        Bytes.ofHex(match.group(5))))
                : Optional.empty();
    }
}
