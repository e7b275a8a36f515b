package dev.strongroom.hsm.protocol;

import static dev.strongroom.hsm.protocol.ValueWriter.wire;

import dev.strongroom.hsm.protocol.wire.Wire;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * Each reply as its message, the secret left out. {@link ReplyCodec} is the way back. A reply without a row here stops the
 * process when the class is loaded.
 */
final class ReplyWriter {

    private static final Map<Class<?>, BiConsumer<Wire.Answer.Builder, Reply>> ROWS = rows();

    private ReplyWriter() {}

    static Wire.Answer write(Reply reply) {
        var answer = Wire.Answer.newBuilder();
        var row = ROWS.get(reply.getClass());
        if (row == null) {
            throw new IllegalStateException("no message for " + reply.getClass());
        }
        row.accept(answer, reply);
        return answer.build();
    }

    private static Map<Class<?>, BiConsumer<Wire.Answer.Builder, Reply>> rows() {
        var rows = new HashMap<Class<?>, BiConsumer<Wire.Answer.Builder, Reply>>();
        addNodeRows(rows);
        addReadRows(rows);
        addUseRows(rows);
        addPairRows(rows);
        addIdentityRows(rows);
        row(
                rows,
                Reply.FoundAliasNames.class,
                (answer, reply) -> answer.setFoundAliasNames(Wire.FoundAliasNames.newBuilder()
                        .setStamp(wire(reply.stamp()))
                        .addAllNames(reply.names())));
        row(rows, Reply.FoundLastUse.class, (answer, reply) -> answer.setFoundLastUse(foundLastUse(reply)));
        row(
                rows,
                Reply.ChangedKey.class,
                (answer, reply) ->
                        answer.setChangedKey(Wire.ChangedKey.newBuilder().setKey(KeyRecordCodec.encode(reply.key()))));
        row(rows, Reply.Done.class, (answer, reply) -> answer.setDone(Wire.Done.getDefaultInstance()));
        row(
                rows,
                Reply.ImportParameters.class,
                (answer, reply) -> answer.setImportParameters(ImportCodec.write(reply)));
        row(rows, Reply.ChangedMaterial.class, (answer, reply) -> answer.setChangedMaterial(ImportCodec.write(reply)));
        addGrantRows(rows);
        if (!rows.keySet().equals(Set.copyOf(List.of(Reply.class.getPermittedSubclasses())))) {
            throw new IllegalStateException("a reply has no message");
        }
        return Map.copyOf(rows);
    }

    private static void addNodeRows(Map<Class<?>, BiConsumer<Wire.Answer.Builder, Reply>> rows) {
        row(
                rows,
                Reply.LoggedIn.class,
                (answer, reply) -> answer.setLoggedIn(
                        Wire.LoggedIn.newBuilder().setRoleValue(WireEnum.ROLE.number(reply.role()))));
        row(
                rows,
                Reply.NodeDescription.class,
                (answer, reply) -> answer.setNodeDescription(Wire.NodeDescription.newBuilder()
                        .setNodeId(reply.nodeId())
                        .setStateValue(WireEnum.NODE_STATE.number(reply.state()))
                        .setLineage(reply.lineage())
                        .setAppliedIndex(reply.appliedIndex())
                        .setVersion(reply.version())));
    }

    private static void addReadRows(Map<Class<?>, BiConsumer<Wire.Answer.Builder, Reply>> rows) {
        row(rows, Reply.FoundKey.class, (answer, reply) -> {
            var message = Wire.FoundKey.newBuilder().setKey(KeyRecordCodec.encode(reply.key()));
            reply.alias().ifPresent(alias -> message.setAlias(wire(alias)));
            answer.setFoundKey(message);
        });
        row(
                rows,
                Reply.FoundAlias.class,
                (answer, reply) ->
                        answer.setFoundAlias(Wire.FoundAlias.newBuilder().setAlias(wire(reply.alias()))));
        row(
                rows,
                Reply.KeyPage.class,
                (answer, reply) -> answer.setKeyPage(Wire.KeyPage.newBuilder()
                        .addAllKeyIds(reply.keyIds())
                        .setTruncated(reply.truncated())
                        .setIndex(reply.index())));
        row(rows, Reply.AliasPage.class, (answer, reply) -> {
            var message =
                    Wire.AliasPage.newBuilder().setTruncated(reply.truncated()).setIndex(reply.index());
            reply.aliases().forEach(alias -> message.addAliases(wire(alias)));
            answer.setAliasPage(message);
        });
        row(
                rows,
                Reply.SigningKey.class,
                (answer, reply) -> answer.setSigningKey(
                        Wire.SigningKey.newBuilder().setCaller(CallerCodec.encode(reply.caller()))));
    }

    private static void addIdentityRows(Map<Class<?>, BiConsumer<Wire.Answer.Builder, Reply>> rows) {
        row(
                rows,
                Reply.FoundPrincipals.class,
                (answer, reply) -> answer.setFoundPrincipals(Wire.FoundPrincipals.newBuilder()
                        .addAllExisting(reply.existing().stream().sorted().toList())
                        .addAllIds(ValueWriter.uniqueIds(reply.ids()))));
        row(
                rows,
                Reply.FoundIdentity.class,
                (answer, reply) -> answer.setFoundIdentity(
                        Wire.FoundIdentity.newBuilder().setIdentity(IdentityRecordCodec.encode(reply.identity()))));
        row(rows, Reply.IdentityPage.class, (answer, reply) -> {
            var message = Wire.IdentityPage.newBuilder()
                    .setTruncated(reply.truncated())
                    .setIndex(reply.index());
            reply.identities().forEach(identity -> message.addIdentities(IdentityRecordCodec.encode(identity)));
            answer.setIdentityPage(message);
        });
        row(
                rows,
                Reply.MintedSession.class,
                (answer, reply) -> answer.setMintedSession(Wire.MintedSession.newBuilder()
                        .setAccessKeyId(reply.accessKeyId())
                        .setToken(wire(reply.token()))
                        .setExpires(wire(reply.expires()))
                        .setPrincipalArn(reply.principalArn())
                        .setUniqueId(reply.uniqueId())));
    }

    private static void addUseRows(Map<Class<?>, BiConsumer<Wire.Answer.Builder, Reply>> rows) {
        row(
                rows,
                Reply.Encrypted.class,
                (answer, reply) -> answer.setEncrypted(
                        Wire.Encrypted.newBuilder().setBlob(wire(reply.blob())).setMaterialId(reply.materialId())));
        row(
                rows,
                Reply.Decrypted.class,
                (answer, reply) -> answer.setDecrypted(Wire.Decrypted.newBuilder()
                        .setMaterialId(reply.materialId())
                        .setEnvelope(wire(reply.envelope()))));
        row(
                rows,
                Reply.ReEncrypted.class,
                (answer, reply) -> answer.setReEncrypted(Wire.ReEncrypted.newBuilder()
                        .setBlob(wire(reply.blob()))
                        .setSourceMaterialId(reply.sourceMaterialId())
                        .setDestinationMaterialId(reply.destinationMaterialId())));
        row(
                rows,
                Reply.DataKey.class,
                (answer, reply) -> answer.setDataKey(Wire.DataKey.newBuilder()
                        .setBlob(wire(reply.blob()))
                        .setMaterialId(reply.materialId())
                        .setEnvelope(wire(reply.envelope()))));
        row(
                rows,
                Reply.Random.class,
                (answer, reply) -> answer.setRandom(Wire.Random.newBuilder().setEnvelope(wire(reply.envelope()))));
    }

    private static void addPairRows(Map<Class<?>, BiConsumer<Wire.Answer.Builder, Reply>> rows) {
        row(
                rows,
                Reply.Signed.class,
                (answer, reply) -> answer.setSigned(Wire.Signed.newBuilder().setSignature(wire(reply.signature()))));
        row(rows, Reply.Mac.class, (answer, reply) -> answer.setMac(Wire.Mac.getDefaultInstance()));
        row(
                rows,
                Reply.SharedSecret.class,
                (answer, reply) ->
                        answer.setSharedSecret(Wire.SharedSecret.newBuilder().setEnvelope(wire(reply.envelope()))));
        row(
                rows,
                Reply.Encapsulated.class,
                (answer, reply) ->
                        answer.setEncapsulated(Wire.Encapsulated.newBuilder().setBlob(wire(reply.blob()))));
        row(
                rows,
                Reply.DataKeyPair.class,
                (answer, reply) -> answer.setDataKeyPair(Wire.DataKeyPair.newBuilder()
                        .setPublicKey(wire(reply.publicKey()))
                        .setBlob(wire(reply.blob()))
                        .setMaterialId(reply.materialId())
                        .setEnvelope(wire(reply.envelope()))));
    }

    private static void addGrantRows(Map<Class<?>, BiConsumer<Wire.Answer.Builder, Reply>> rows) {
        row(
                rows,
                Reply.FoundGrant.class,
                (answer, reply) -> answer.setFoundGrant(
                        Wire.FoundGrant.newBuilder().setGrant(GrantRecordCodec.encode(reply.grant()))));
        row(rows, Reply.FoundGrants.class, (answer, reply) -> answer.setFoundGrants(GrantRecordCodec.write(reply)));
        row(rows, Reply.GrantPage.class, (answer, reply) -> answer.setGrantPage(GrantRecordCodec.write(reply)));
        row(rows, Reply.CreatedGrant.class, (answer, reply) -> answer.setCreatedGrant(GrantRecordCodec.write(reply)));
    }

    private static <R extends Reply> void row(
            Map<Class<?>, BiConsumer<Wire.Answer.Builder, Reply>> rows,
            Class<R> type,
            BiConsumer<Wire.Answer.Builder, R> writer) {
        rows.put(type, (answer, reply) -> writer.accept(answer, type.cast(reply)));
    }

    private static Wire.FoundLastUse foundLastUse(Reply.FoundLastUse reply) {
        var message = Wire.FoundLastUse.newBuilder();
        reply.lastUse()
                .ifPresent(last -> message.setLastUse(Wire.LastUse.newBuilder()
                        .setUseValue(WireEnum.TRACKED_USE.number(last.use()))
                        .setTime(wire(last.time()))
                        .setRequestId(wire(last.request()))));
        return message.build();
    }
}
