package dev.strongroom.hsm.node.command;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import dev.strongroom.hsm.node.crypto.KeyMaterial;
import dev.strongroom.hsm.node.crypto.UnsealException;
import dev.strongroom.hsm.node.vault.RecordSealer;
import dev.strongroom.hsm.node.wire.RecordWire;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.Plaintext;
import dev.strongroom.hsm.protocol.Refusal;
import dev.strongroom.hsm.protocol.Refused;
import dev.strongroom.hsm.protocol.SessionTerms;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What temporary credentials carry with them. No node remembers a session, so any node opens its token, also after a
 * restart, until its time is over.
 *
 * <pre>
 * offset  bytes  content
 *      0      4  "SRST"
 *      4      1  version 0x01
 *      5      n  sealed under the active domain key, bound to the access key id, in a place that nothing else is sealed in:
 *                0      1  length of the secret
 *                1      m  the secret access key
 *              1+m      k  SessionToken message of node.proto
 * </pre>
 *
 * <p>Nothing of it can be read or changed by whoever carries it, and it is of no use with another access key id.
 *
 * @param uniqueId of the user or role, so that a session ends with it and another of the same name does not inherit it
 */
record SessionToken(
        String principalArn, String uniqueId, String sessionName, Instant issued, Instant expires, SessionTerms terms) {

    /** Together with its base 64 in a header it stays well below what a gateway reads. */
    static final int MAX_BYTES = 4_096;

    private static final int MAGIC = 0x53525354;
    private static final byte VERSION = 1;
    private static final int HEADER_BYTES = 5;

    /** What a token opened to; the secret is the caller's. */
    record Opened(SessionToken session, KeyMaterial secret) implements AutoCloseable {
        @Override
        public void close() {
            secret.close();
        }
    }

    /** The token; refuses if it would be too long. {@code secret} stays the caller's. */
    Bytes seal(RecordSealer sealer, String accessKeyId, Plaintext secret) {
        var message = message().toByteArray();
        var clear = secret.use(octets -> ByteBuffer.allocate(1 + octets.length + message.length)
                .put((byte) octets.length)
                .put(octets)
                .put(message)
                .array());
        try {
            var sealed = sealer.sealSession(accessKeyId, clear);
            int length = HEADER_BYTES + sealed.length;
            if (length > MAX_BYTES) {
                throw new Refused(
                        Refusal.LIMIT_EXCEEDED, length + " bytes of a session token, of at most " + MAX_BYTES);
            }
            return Bytes.wrap(ByteBuffer.allocate(length)
                    .putInt(MAGIC)
                    .put(VERSION)
                    .put(sealed)
                    .array());
        } finally {
            Arrays.fill(clear, (byte) 0);
        }
    }

    /** Opens a token; refuses what is none of this cluster's and access key's, and what has expired. */
    static Opened open(RecordSealer sealer, String accessKeyId, Bytes token, Instant now) {
        var octets = token.readOnlyArray();
        if (octets.length <= HEADER_BYTES || octets.length > MAX_BYTES) {
            throw new Refused(Refusal.INVALID_SESSION);
        }
        var in = ByteBuffer.wrap(octets);
        if (in.getInt() != MAGIC || in.get() != VERSION) {
            throw new Refused(Refusal.INVALID_SESSION);
        }
        byte[] clear;
        try {
            clear = sealer.openSession(accessKeyId, Arrays.copyOfRange(octets, HEADER_BYTES, octets.length));
        } catch (UnsealException e) {
            throw new Refused(Refusal.INVALID_SESSION);
        }
        try {
            int secretBytes = clear[0];
            var session = of(RecordWire.SessionToken.parseFrom(
                    ByteBuffer.wrap(clear, 1 + secretBytes, clear.length - 1 - secretBytes)));
            // Only now: the date of a token that is not authentic says nothing.
            if (!now.isBefore(session.expires())) {
                throw new Refused(Refusal.EXPIRED_SESSION);
            }
            return new Opened(session, KeyMaterial.takeFrom(Arrays.copyOfRange(clear, 1, 1 + secretBytes)));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a session token is authentic and malformed", e);
        } finally {
            Arrays.fill(clear, (byte) 0);
        }
    }

    private RecordWire.SessionToken message() {
        var message = RecordWire.SessionToken.newBuilder()
                .setPrincipalArn(principalArn)
                .setUniqueId(uniqueId)
                .setSessionName(sessionName)
                .setIssued(time(issued))
                .setExpires(time(expires))
                .addAllInlinePolicies(terms.inlinePolicies())
                .addAllPolicyArns(terms.policyArns())
                .addAllTransitiveTagKeys(terms.transitiveTagKeys());
        terms.multiFactor().ifPresent(shown -> message.setMultiFactor(time(shown)));
        terms.tags()
                .forEach((key, value) -> message.addTags(
                        RecordWire.Key.Tag.newBuilder().setKey(key).setValue(value)));
        terms.provider().ifPresent(message::setProvider);
        terms.sourceIdentity().ifPresent(message::setSourceIdentity);
        return message.build();
    }

    private static SessionToken of(RecordWire.SessionToken m) {
        Map<String, String> tags = new TreeMap<>();
        m.getTagsList().forEach(tag -> tags.put(tag.getKey(), tag.getValue()));
        var terms = new SessionTerms(
                m.hasMultiFactor() ? Optional.of(time(m.getMultiFactor())) : Optional.empty(),
                tags,
                m.getTransitiveTagKeysList(),
                m.hasProvider() ? Optional.of(m.getProvider()) : Optional.empty(),
                m.hasSourceIdentity() ? Optional.of(m.getSourceIdentity()) : Optional.empty(),
                m.getInlinePoliciesList(),
                m.getPolicyArnsList());
        return new SessionToken(
                m.getPrincipalArn(),
                m.getUniqueId(),
                m.getSessionName(),
                time(m.getIssued()),
                time(m.getExpires()),
                terms);
    }

    private static Timestamp time(Instant instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.getEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }

    private static Instant time(Timestamp m) {
        return Instant.ofEpochSecond(m.getSeconds(), m.getNanos());
    }
}
