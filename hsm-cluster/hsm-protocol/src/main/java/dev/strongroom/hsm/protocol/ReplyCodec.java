package dev.strongroom.hsm.protocol;

import static dev.strongroom.hsm.protocol.ValueReader.aliasRecord;
import static dev.strongroom.hsm.protocol.ValueReader.bytes;

import dev.strongroom.hsm.protocol.wire.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Optional;

/** Replies and refusals to and from frames. Stateless. */
public final class ReplyCodec {

    private ReplyCodec() {}

    static Wire.Answer encode(Reply reply) {
        return ReplyWriter.write(reply);
    }

    static Wire.Answer encode(Refused refused) {
        var message = Wire.Refused.newBuilder()
                .setRefusalValue(WireEnum.REFUSAL.number(refused.refusal()))
                .setDetail(refused.detail());
        refused.fresh().ifPresent(key -> message.setFresh(KeyRecordCodec.encode(key)));
        return Wire.Answer.newBuilder().setRefused(message).build();
    }

    /**
     * The answer in {@code frame}. Its secret is a copy, which the caller owns. Fields that this version does not know are
     * passed over.
     *
     * @throws MalformedFrameException if it is none
     */
    public static Answer decode(Frame frame) throws MalformedFrameException {
        Wire.Answer wire;
        try {
            wire = Wire.Answer.parseFrom(frame.message());
        } catch (IOException e) {
            throw MalformedFrameException.broken("not a protobuf message");
        }
        var answer = wire.hasRefused()
                ? new Answer.Declined(refused(wire.getRefused()))
                : new Answer.Given(reply(wire, frame));
        var secretBytes =
                answer instanceof Answer.Given given ? given.reply().secret().length() : 0;
        if (secretBytes != frame.secretBytes()) {
            throw MalformedFrameException.broken("a secret beside an answer that has none");
        }
        return answer;
    }

    private static Refused refused(Wire.Refused wire) throws MalformedFrameException {
        return new Refused(
                WireEnum.REFUSAL.value(wire.getRefusalValue()),
                wire.getDetail(),
                wire.hasFresh() ? Optional.of(KeyRecordCodec.decode(true, wire.getFresh())) : Optional.empty());
    }

    /** In every case the secret is copied last: nothing can fail afterwards and leave it behind. */
    private static Reply reply(Wire.Answer wire, Frame frame) throws MalformedFrameException {
        return switch (wire.getAnswerCase()) {
            case LOGGED_IN ->
                new Reply.LoggedIn(WireEnum.ROLE.value(wire.getLoggedIn().getRoleValue()));
            case NODE_DESCRIPTION -> nodeDescription(wire.getNodeDescription());
            case FOUND_KEY -> foundKey(wire.getFoundKey());
            case FOUND_ALIAS ->
                new Reply.FoundAlias(aliasRecord(
                        wire.getFoundAlias().hasAlias(), wire.getFoundAlias().getAlias()));
            case KEY_PAGE -> keyPage(wire.getKeyPage());
            case ALIAS_PAGE -> aliasPage(wire.getAliasPage());
            case SIGNING_KEY -> {
                var key = wire.getSigningKey();
                yield new Reply.SigningKey(CallerCodec.decode(key.hasCaller(), key.getCaller()), frame.secret());
            }
            case FOUND_ALIAS_NAMES -> foundAliasNames(wire.getFoundAliasNames());
            case FOUND_LAST_USE -> foundLastUse(wire.getFoundLastUse());
            case ENCRYPTED,
                    DECRYPTED,
                    RE_ENCRYPTED,
                    DATA_KEY,
                    RANDOM,
                    SIGNED,
                    MAC,
                    SHARED_SECRET,
                    ENCAPSULATED,
                    DATA_KEY_PAIR -> ofUse(wire, frame);
            case CHANGED_KEY ->
                new Reply.ChangedKey(KeyRecordCodec.decode(
                        wire.getChangedKey().hasKey(), wire.getChangedKey().getKey()));
            case DONE -> new Reply.Done();
            case IMPORT_PARAMETERS -> ImportCodec.importParameters(wire.getImportParameters());
            case CHANGED_MATERIAL -> ImportCodec.changedMaterial(wire.getChangedMaterial());
            case FOUND_GRANT ->
                new Reply.FoundGrant(GrantRecordCodec.decode(
                        wire.getFoundGrant().hasGrant(), wire.getFoundGrant().getGrant()));
            case FOUND_GRANTS -> GrantRecordCodec.foundGrants(wire.getFoundGrants());
            case GRANT_PAGE -> GrantRecordCodec.grantPage(wire.getGrantPage());
            case CREATED_GRANT -> GrantRecordCodec.createdGrant(wire.getCreatedGrant());
            case FOUND_PRINCIPALS, FOUND_IDENTITY, IDENTITY_PAGE, MINTED_SESSION -> ofIdentity(wire, frame);
            case REFUSED -> throw new IllegalStateException("a refusal is not a reply");
            case ANSWER_NOT_SET ->
                throw wire.getUnknownFields().isEmpty()
                        ? MalformedFrameException.broken("an answer without content")
                        : MalformedFrameException.unsupported("an answer that is not known here");
        };
    }

    private static Reply ofUse(Wire.Answer wire, Frame frame) {
        return switch (wire.getAnswerCase()) {
            case ENCRYPTED ->
                new Reply.Encrypted(
                        bytes(wire.getEncrypted().getBlob()),
                        wire.getEncrypted().getMaterialId());
            case DECRYPTED -> {
                var envelope = bytes(wire.getDecrypted().getEnvelope());
                yield new Reply.Decrypted(frame.secret(), wire.getDecrypted().getMaterialId(), envelope);
            }
            case RE_ENCRYPTED -> reEncrypted(wire.getReEncrypted());
            case DATA_KEY -> {
                var blob = bytes(wire.getDataKey().getBlob());
                var envelope = bytes(wire.getDataKey().getEnvelope());
                yield new Reply.DataKey(blob, frame.secret(), wire.getDataKey().getMaterialId(), envelope);
            }
            case RANDOM -> {
                var envelope = bytes(wire.getRandom().getEnvelope());
                yield new Reply.Random(frame.secret(), envelope);
            }
            case SIGNED -> new Reply.Signed(bytes(wire.getSigned().getSignature()));
            case MAC -> new Reply.Mac(frame.secret());
            case SHARED_SECRET -> {
                var envelope = bytes(wire.getSharedSecret().getEnvelope());
                yield new Reply.SharedSecret(frame.secret(), envelope);
            }
            case ENCAPSULATED -> {
                var blob = bytes(wire.getEncapsulated().getBlob());
                yield new Reply.Encapsulated(frame.secret(), blob);
            }
            case DATA_KEY_PAIR -> dataKeyPair(wire.getDataKeyPair(), frame);
            default -> throw new IllegalStateException("no use of a key is answered with this");
        };
    }

    private static Reply foundAliasNames(Wire.FoundAliasNames wire) throws MalformedFrameException {
        return new Reply.FoundAliasNames(ValueReader.stamp(wire.hasStamp(), wire.getStamp()), wire.getNamesList());
    }

    private static Reply foundLastUse(Wire.FoundLastUse wire) throws MalformedFrameException {
        if (!wire.hasLastUse()) {
            return new Reply.FoundLastUse(Optional.empty());
        }
        var last = wire.getLastUse();
        return new Reply.FoundLastUse(Optional.of(new LastUse(
                WireEnum.TRACKED_USE.value(last.getUseValue()),
                ValueReader.instant(last.hasTime(), last.getTime()),
                ValueReader.commandId(last.getRequestId()))));
    }

    private static Reply nodeDescription(Wire.NodeDescription wire) throws MalformedFrameException {
        return new Reply.NodeDescription(
                wire.getNodeId(),
                WireEnum.NODE_STATE.value(wire.getStateValue()),
                wire.getLineage(),
                wire.getAppliedIndex(),
                wire.getVersion());
    }

    private static Reply foundKey(Wire.FoundKey wire) throws MalformedFrameException {
        return new Reply.FoundKey(
                KeyRecordCodec.decode(wire.hasKey(), wire.getKey()),
                wire.hasAlias() ? Optional.of(aliasRecord(true, wire.getAlias())) : Optional.empty());
    }

    private static Reply keyPage(Wire.KeyPage wire) {
        return new Reply.KeyPage(wire.getKeyIdsList(), wire.getTruncated(), wire.getIndex());
    }

    private static Reply aliasPage(Wire.AliasPage wire) throws MalformedFrameException {
        var aliases = new ArrayList<AliasRecord>(wire.getAliasesCount());
        for (var alias : wire.getAliasesList()) {
            aliases.add(aliasRecord(true, alias));
        }
        return new Reply.AliasPage(aliases, wire.getTruncated(), wire.getIndex());
    }

    private static Reply ofIdentity(Wire.Answer wire, Frame frame) throws MalformedFrameException {
        return switch (wire.getAnswerCase()) {
            case FOUND_PRINCIPALS ->
                new Reply.FoundPrincipals(
                        new HashSet<>(wire.getFoundPrincipals().getExistingList()),
                        ValueReader.uniqueIds(wire.getFoundPrincipals().getIdsList()));
            case FOUND_IDENTITY ->
                new Reply.FoundIdentity(IdentityRecordCodec.decode(
                        wire.getFoundIdentity().hasIdentity(),
                        wire.getFoundIdentity().getIdentity()));
            case IDENTITY_PAGE -> identityPage(wire.getIdentityPage());
            case MINTED_SESSION -> mintedSession(wire.getMintedSession(), frame);
            default -> throw new IllegalStateException("an answer about something else");
        };
    }

    private static Reply identityPage(Wire.IdentityPage wire) throws MalformedFrameException {
        var identities = new ArrayList<IdentityRecord>(wire.getIdentitiesCount());
        for (var identity : wire.getIdentitiesList()) {
            identities.add(IdentityRecordCodec.decode(true, identity));
        }
        return new Reply.IdentityPage(identities, wire.getTruncated(), wire.getIndex());
    }

    private static Reply mintedSession(Wire.MintedSession wire, Frame frame) throws MalformedFrameException {
        var expires = ValueReader.instant(wire.hasExpires(), wire.getExpires());
        return new Reply.MintedSession(
                wire.getAccessKeyId(),
                bytes(wire.getToken()),
                expires,
                wire.getPrincipalArn(),
                wire.getUniqueId(),
                frame.secret());
    }

    private static Reply dataKeyPair(Wire.DataKeyPair wire, Frame frame) {
        var publicKey = bytes(wire.getPublicKey());
        var blob = bytes(wire.getBlob());
        var envelope = bytes(wire.getEnvelope());
        return new Reply.DataKeyPair(publicKey, blob, frame.secret(), wire.getMaterialId(), envelope);
    }

    private static Reply reEncrypted(Wire.ReEncrypted wire) {
        return new Reply.ReEncrypted(
                bytes(wire.getBlob()), wire.getSourceMaterialId(), wire.getDestinationMaterialId());
    }
}
