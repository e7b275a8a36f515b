package dev.strongroom.hsm.protocol;

import static dev.strongroom.hsm.protocol.ValueReader.authority;
import static dev.strongroom.hsm.protocol.ValueReader.bytes;
import static dev.strongroom.hsm.protocol.ValueReader.commandId;
import static dev.strongroom.hsm.protocol.ValueReader.instant;
import static dev.strongroom.hsm.protocol.ValueReader.known;
import static dev.strongroom.hsm.protocol.ValueReader.present;
import static dev.strongroom.hsm.protocol.ValueWriter.wire;

import dev.strongroom.hsm.protocol.wire.Wire;
import java.util.Optional;

/** Commands about imported key material, and their replies, to their messages and back. */
final class ImportCodec implements ImportCommand.Visitor<Wire.Command> {

    @Override
    public Wire.Command makeImportParameters(ImportCommand.MakeImportParameters command) {
        var message = Wire.MakeImportParameters.newBuilder()
                .setAuthority(wire(command.authority()))
                .setAlgorithmValue(WireEnum.WRAPPING_ALGORITHM.number(command.algorithm()))
                .setSpecValue(WireEnum.WRAPPING_KEY_SPEC.number(command.spec()));
        return Wire.Command.newBuilder().setMakeImportParameters(message).build();
    }

    static ImportCommand<?> makeImportParameters(Wire.MakeImportParameters wire) throws MalformedFrameException {
        return new ImportCommand.MakeImportParameters(
                authority(wire.hasAuthority(), wire.getAuthority()),
                WireEnum.WRAPPING_ALGORITHM.value(wire.getAlgorithmValue()),
                WireEnum.WRAPPING_KEY_SPEC.value(wire.getSpecValue()));
    }

    @Override
    public Wire.Command importMaterial(ImportCommand.ImportMaterial command) {
        var terms = Wire.ImportMaterial.Terms.newBuilder();
        command.terms().type().ifPresent(type -> terms.setTypeValue(WireEnum.IMPORT_TYPE.number(type)));
        command.terms().validTo().ifPresent(date -> terms.setValidTo(wire(date)));
        command.terms().materialId().ifPresent(terms::setMaterialId);
        command.terms().description().ifPresent(terms::setDescription);
        var message = Wire.ImportMaterial.newBuilder()
                .setCommandId(wire(command.commandId()))
                .setAuthority(wire(command.authority()))
                .setToken(wire(command.token()))
                .setWrapped(wire(command.wrapped()))
                .setTerms(terms);
        return Wire.Command.newBuilder().setImportMaterial(message).build();
    }

    static ImportCommand<?> importMaterial(Wire.ImportMaterial wire) throws MalformedFrameException {
        return new ImportCommand.ImportMaterial(
                commandId(wire.getCommandId()),
                authority(wire.hasAuthority(), wire.getAuthority()),
                bytes(wire.getToken()),
                bytes(wire.getWrapped()),
                terms(known(present(wire.hasTerms(), wire.getTerms()))));
    }

    private static ImportCommand.Terms terms(Wire.ImportMaterial.Terms wire) throws MalformedFrameException {
        return new ImportCommand.Terms(
                wire.hasType() ? Optional.of(WireEnum.IMPORT_TYPE.value(wire.getTypeValue())) : Optional.empty(),
                wire.hasValidTo() ? Optional.of(instant(true, known(wire.getValidTo()))) : Optional.empty(),
                wire.hasMaterialId() ? Optional.of(wire.getMaterialId()) : Optional.empty(),
                wire.hasDescription() ? Optional.of(wire.getDescription()) : Optional.empty());
    }

    @Override
    public Wire.Command deleteMaterial(ImportCommand.DeleteMaterial command) {
        var message = Wire.DeleteMaterial.newBuilder()
                .setCommandId(wire(command.commandId()))
                .setAuthority(wire(command.authority()));
        command.materialId().ifPresent(message::setMaterialId);
        return Wire.Command.newBuilder().setDeleteMaterial(message).build();
    }

    static ImportCommand<?> deleteMaterial(Wire.DeleteMaterial wire) throws MalformedFrameException {
        return new ImportCommand.DeleteMaterial(
                commandId(wire.getCommandId()),
                authority(wire.hasAuthority(), wire.getAuthority()),
                wire.hasMaterialId() ? Optional.of(wire.getMaterialId()) : Optional.empty());
    }

    static Wire.ImportParameters write(Reply.ImportParameters reply) {
        return Wire.ImportParameters.newBuilder()
                .setPublicKey(wire(reply.publicKey()))
                .setToken(wire(reply.token()))
                .setValidTo(wire(reply.validTo()))
                .build();
    }

    static Reply importParameters(Wire.ImportParameters wire) throws MalformedFrameException {
        return new Reply.ImportParameters(
                bytes(wire.getPublicKey()), bytes(wire.getToken()), instant(wire.hasValidTo(), wire.getValidTo()));
    }

    static Wire.ChangedMaterial write(Reply.ChangedMaterial reply) {
        return Wire.ChangedMaterial.newBuilder()
                .setKey(KeyRecordCodec.encode(reply.key()))
                .setMaterialId(reply.materialId())
                .build();
    }

    static Reply changedMaterial(Wire.ChangedMaterial wire) throws MalformedFrameException {
        return new Reply.ChangedMaterial(KeyRecordCodec.decode(wire.hasKey(), wire.getKey()), wire.getMaterialId());
    }
}
