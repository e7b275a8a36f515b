package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.node.crypto.UnsealException;
import dev.strongroom.hsm.node.store.RecordId;
import dev.strongroom.hsm.node.vault.Content;
import dev.strongroom.hsm.node.vault.RecordSealer;
import dev.strongroom.hsm.node.vault.Stored;
import dev.strongroom.hsm.node.vault.VaultIndex;
import dev.strongroom.hsm.protocol.Bytes;
import dev.strongroom.hsm.protocol.Stamp;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What callers get as GrantToken: which grant it is, sealed. No node remembers it, so a grant can have any number of them,
 * and any node knows them again. Sealed and not only signed, so that it tells nobody anything.
 *
 * <pre>
 * offset  bytes  content, before it is sealed
 *      0     16  id of the grant's record
 *     16     64  the grant's id, ASCII
 * </pre>
 *
 * <p>Two grants may follow each other under one record: a grant with a name that ended and was asked for again. They have
 * different ids, and the token of the first is none of the second.
 */
final class GrantToken {

    private static final int RECORD_ID_BYTES = 16;
    private static final int GRANT_ID_BYTES = 64;

    private GrantToken() {}

    /** A token that was never given before. */
    static Bytes of(RecordSealer sealer, Stored<Content.Grant> grant) {
        var words = ByteBuffer.allocate(RECORD_ID_BYTES + GRANT_ID_BYTES)
                .putLong(grant.id().high())
                .putLong(grant.id().low())
                .put(grant.content().grant().id().getBytes(StandardCharsets.US_ASCII));
        return Bytes.wrap(sealer.sealGrantToken(words.array()));
    }

    /** The grant that a token is of; empty if it is none of ours, or its grant has ended. */
    static Optional<Stored<Content.Grant>> find(VaultIndex index, RecordSealer sealer, Bytes token) {
        ByteBuffer words;
        try {
            words = ByteBuffer.wrap(sealer.openGrantToken(token.readOnlyArray()));
        } catch (UnsealException e) {
            return Optional.empty();
        }
        var record = new RecordId(words.getLong(), words.getLong());
        var id = StandardCharsets.US_ASCII.decode(words).toString();
        return index.grant(new Stamp(record.high(), record.low(), 0))
                .filter(stored -> stored.content().grant().id().equals(id));
    }
}
