package dev.strongroom.hsm.protocol;

import static dev.strongroom.hsm.protocol.ValueReader.aliasName;
import static dev.strongroom.hsm.protocol.ValueReader.authority;
import static dev.strongroom.hsm.protocol.ValueReader.commandId;
import static dev.strongroom.hsm.protocol.ValueReader.stamp;
import static dev.strongroom.hsm.protocol.ValueReader.stamps;
import static dev.strongroom.hsm.protocol.ValueWriter.wire;

import dev.strongroom.hsm.protocol.wire.Wire;

/** Commands that change keys and aliases, to their messages and back; the secret stays outside. */
final class ChangeCodec implements ChangeCommand.Visitor<Wire.Command> {

    @Override
    public Wire.Command createKey(ChangeCommand.CreateKey command) {
        var message = Wire.CreateKey.newBuilder()
                .setCommandId(wire(command.commandId()))
                .setName(wire(command.name()))
                .setKey(wire(command.key()))
                .setDocuments(wire(command.documents()))
                .addAllAuthority(wire(command.authority()));
        return Wire.Command.newBuilder().setCreateKey(message).build();
    }

    static ChangeCommand<?> createKey(Wire.CreateKey wire) throws MalformedFrameException {
        return new ChangeCommand.CreateKey(
                commandId(wire.getCommandId()),
                ValueReader.keyName(wire.hasName(), wire.getName()),
                ValueReader.newKey(wire.hasKey(), wire.getKey()),
                ValueReader.documents(wire.hasDocuments(), wire.getDocuments()),
                stamps(wire.getAuthorityList()));
    }

    @Override
    public Wire.Command changeKey(ChangeCommand.ChangeKey command) {
        var message = Wire.ChangeKey.newBuilder()
                .setCommandId(wire(command.commandId()))
                .setAuthority(wire(command.authority()))
                .setChange(wire(command.change()));
        return Wire.Command.newBuilder().setChangeKey(message).build();
    }

    static ChangeCommand<?> changeKey(Wire.ChangeKey wire) throws MalformedFrameException {
        return new ChangeCommand.ChangeKey(
                commandId(wire.getCommandId()),
                authority(wire.hasAuthority(), wire.getAuthority()),
                ValueReader.keyChange(wire.hasChange(), wire.getChange()));
    }

    @Override
    public Wire.Command createAlias(ChangeCommand.CreateAlias command) {
        var message = Wire.CreateAlias.newBuilder()
                .setCommandId(wire(command.commandId()))
                .setName(wire(command.name()))
                .setTarget(wire(command.target()));
        return Wire.Command.newBuilder().setCreateAlias(message).build();
    }

    static ChangeCommand<?> createAlias(Wire.CreateAlias wire) throws MalformedFrameException {
        return new ChangeCommand.CreateAlias(
                commandId(wire.getCommandId()),
                aliasName(wire.hasName(), wire.getName()),
                authority(wire.hasTarget(), wire.getTarget()));
    }

    @Override
    public Wire.Command updateAlias(ChangeCommand.UpdateAlias command) {
        var message = Wire.UpdateAlias.newBuilder()
                .setCommandId(wire(command.commandId()))
                .setAlias(wire(command.alias()))
                .setTarget(wire(command.target()));
        return Wire.Command.newBuilder().setUpdateAlias(message).build();
    }

    static ChangeCommand<?> updateAlias(Wire.UpdateAlias wire) throws MalformedFrameException {
        return new ChangeCommand.UpdateAlias(
                commandId(wire.getCommandId()),
                stamp(wire.hasAlias(), wire.getAlias()),
                authority(wire.hasTarget(), wire.getTarget()));
    }

    @Override
    public Wire.Command deleteAlias(ChangeCommand.DeleteAlias command) {
        var message = Wire.DeleteAlias.newBuilder()
                .setCommandId(wire(command.commandId()))
                .setAlias(wire(command.alias()))
                .addAllAuthority(wire(command.authority()));
        return Wire.Command.newBuilder().setDeleteAlias(message).build();
    }

    static ChangeCommand<?> deleteAlias(Wire.DeleteAlias wire) throws MalformedFrameException {
        return new ChangeCommand.DeleteAlias(
                commandId(wire.getCommandId()),
                stamp(wire.hasAlias(), wire.getAlias()),
                stamps(wire.getAuthorityList()));
    }

    @Override
    public Wire.Command replicateKey(ChangeCommand.ReplicateKey command) {
        var message = Wire.ReplicateKey.newBuilder()
                .setCommandId(wire(command.commandId()))
                .setPrimary(wire(command.primary()))
                .setRegion(command.region())
                .setDocuments(wire(command.documents()));
        return Wire.Command.newBuilder().setReplicateKey(message).build();
    }

    static ChangeCommand<?> replicateKey(Wire.ReplicateKey wire) throws MalformedFrameException {
        return new ChangeCommand.ReplicateKey(
                commandId(wire.getCommandId()),
                authority(wire.hasPrimary(), wire.getPrimary()),
                wire.getRegion(),
                ValueReader.documents(wire.hasDocuments(), wire.getDocuments()));
    }

    @Override
    public Wire.Command updatePrimaryRegion(ChangeCommand.UpdatePrimaryRegion command) {
        var message = Wire.UpdatePrimaryRegion.newBuilder()
                .setCommandId(wire(command.commandId()))
                .setPrimary(wire(command.primary()))
                .setRegion(command.region());
        return Wire.Command.newBuilder().setUpdatePrimaryRegion(message).build();
    }

    static ChangeCommand<?> updatePrimaryRegion(Wire.UpdatePrimaryRegion wire) throws MalformedFrameException {
        return new ChangeCommand.UpdatePrimaryRegion(
                commandId(wire.getCommandId()), authority(wire.hasPrimary(), wire.getPrimary()), wire.getRegion());
    }
}
