package dev.strongroom.hsm.node.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.strongroom.hsm.node.crypto.Digests;
import dev.strongroom.hsm.protocol.Bytes;
import java.util.Arrays;

/**
 * One record of a trail as it lies in the file: one line of JSON, all ASCII, fields in this order, no blank between them.
 * These bytes are the canonical form; nothing is ever written again to be checked.
 *
 * <pre>
 * {"seq":          number     counts the records of a node from 1, without gaps
 *  "boot":         number     counts the starts of the node from 1
 *  "node":         text       its id
 *  "lineage":      32 hex     the cluster
 *  "epoch":        number     of the MAC key, within this start
 *  "ts":           number     microseconds since 1970, UTC
 *  "mono":         number     microseconds since this start, monotonic
 *  "kind":         text       file, start, command, checkpoint, peer, alarm, resumed or stop
 *  ...                        fields of that kind
 *  "prev":         64 hex     hash of the record before; zeros for the first
 *  "mac":          64 hex     {@link RatchetKey#tag} of the digest: SHA-256 over the bytes from { to the quote that ends prev
 *  "hash":         64 hex}    SHA-256 over digest and MAC, 64 bytes
 * line feed
 * </pre>
 *
 * <p>As prev is under hash, each hash stands for the whole trail up to it, MACs included. Fields of a kind, in their order:
 *
 * <pre>
 * file        format (1), certificates (base64 of DER, leaf first, separated by blanks; may be empty)
 * start       version, clean (1 if the record before is a stop), cut (bytes of a torn end that were set aside), cutHash
 * command     session, peer (address), certificate (SHA-256 of the peer's, 64 hex), user, role (of the user), command,
 *             then those that apply of requestId, record and revision (of the key's record), key, change, about,
 *             principal, backingKey, context, recipient, commandId; params, result, latency (microseconds). A second of a
 *             kind has a 2 behind its name. context, recipient and params are keyed hashes, 32 hex.
 *             Of what the node does by date: session 0, peer, certificate, user and role empty, and one record with the
 *             result DUE before it
 * checkpoint  head (seq), headHash, signature (hex, may be empty)
 * peer        peerNode, peerBoot, peerSeq, peerHash, peerSignature: the head that another node made known
 * alarm       peerNode, peerSeq, heldSeq: another node's trail was found to have gone back
 * resumed     lost: commands that failed because nothing could be written
 * stop        none
 * </pre>
 */
record TrailRecord(Position position, String kind, Fields fields, Seal seal) {

    static final String NO_HASH = "0".repeat(64);

    static final int HASH_BYTES = 32;

    private static final String PREV = ",\"prev\":\"";
    private static final String MAC = "\",\"mac\":\"";
    private static final String HASH = "\",\"hash\":\"";
    private static final String END = "\"}";
    private static final int HEX_LENGTH = 2 * HASH_BYTES;
    private static final int SEAL_BYTES = MAC.length() + HEX_LENGTH + HASH.length() + HEX_LENGTH + END.length();
    private static final int BODY_END = SEAL_BYTES - 1;

    /** Where in which trail. */
    record Position(long seq, long boot, String node, String lineage, long epoch, long micros, long mono) {}

    /** The fields of its kind, as they stand in the line. */
    record Fields(String text) {

        /** A scanner at their beginning. */
        LineScanner scan() {
            return new LineScanner(text);
        }
    }

    /**
     * What holds it in its place.
     *
     * @param digest of what stands before the MAC; not in the line
     */
    record Seal(Bytes prev, Bytes digest, Bytes mac, Bytes hash) {}

    /**
     * Reads a line, without its line feed.
     *
     * @throws MalformedTrailException if it is not exactly of this form, or its hash is not that of its bytes
     */
    static TrailRecord read(byte[] line) throws MalformedTrailException {
        int body = line.length - BODY_END;
        if (body < PREV.length() + HEX_LENGTH + 1) {
            throw new MalformedTrailException("too short for a record");
        }
        for (byte b : line) {
            if (b < ' ' || b > '~') {
                throw new MalformedTrailException("a byte that no record holds");
            }
        }
        var text = new String(line, US_ASCII);
        int prevAt = body - 1 - HEX_LENGTH - PREV.length();
        var sealed = new LineScanner(text.substring(prevAt));
        var prev = sealed.expect(PREV).hex(HASH_BYTES);
        var mac = sealed.expect(MAC).hex(HASH_BYTES);
        var hash = sealed.expect(HASH).hex(HASH_BYTES);
        sealed.expect(END).requireEnd();
        var digest = Digests.sha256(line, 0, body);
        if (!Arrays.equals(hash(digest, mac.readOnlyArray()), hash.readOnlyArray())) {
            throw new MalformedTrailException("the hash is not that of the record");
        }
        var scan = new LineScanner(text.substring(0, prevAt));
        var position = new Position(
                scan.expect("{\"seq\":").number(),
                scan.expect(",\"boot\":").number(),
                scan.expect(",\"node\":").text(),
                scan.expect(",\"lineage\":").text(),
                scan.expect(",\"epoch\":").number(),
                scan.expect(",\"ts\":").number(),
                scan.expect(",\"mono\":").number());
        var kind = scan.expect(",\"kind\":").text();
        return new TrailRecord(position, kind, new Fields(scan.rest()), new Seal(prev, Bytes.wrap(digest), mac, hash));
    }

    /** Ends the fields of a record that is being written; what stands before is what the hash is over. */
    static void endBody(Line line, byte[] prev) {
        line.raw(PREV).hex(prev).raw('"');
    }

    /** What stands for a record and all before it. */
    static byte[] hash(byte[] digest, byte[] mac) {
        return Digests.sha256(digest, mac);
    }

    /** Adds MAC and hash to a body that was ended. */
    static void seal(Line line, byte[] mac, byte[] hash) {
        // The quote that ends prev is under the digest already.
        line.raw(MAC.substring(1)).hex(mac).raw(HASH).hex(hash).raw(END).raw('\n');
    }
}
