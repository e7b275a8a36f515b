package dev.strongroom.hsm.protocol;

import static dev.strongroom.hsm.protocol.ValueReader.authority;
import static dev.strongroom.hsm.protocol.ValueReader.bytes;
import static dev.strongroom.hsm.protocol.ValueWriter.wire;

import dev.strongroom.hsm.protocol.wire.Wire;

/** Commands that use keys, to their messages and back; the secret stays outside. */
final class UseCodec implements UseCommand.Visitor<Wire.Command> {

    @Override
    public Wire.Command encrypt(UseCommand.Encrypt command) {
        var message = Wire.Encrypt.newBuilder()
                .setAuthority(wire(command.authority()))
                .setAad(wire(command.aad()));
        return Wire.Command.newBuilder().setEncrypt(message).build();
    }

    static UseCommand<?> encrypt(Wire.Encrypt wire, Frame frame) throws MalformedFrameException {
        var authority = authority(wire.hasAuthority(), wire.getAuthority());
        var aad = bytes(wire.getAad());
        return new UseCommand.Encrypt(authority, frame.secret(), aad);
    }

    @Override
    public Wire.Command decrypt(UseCommand.Decrypt command) {
        var message = Wire.Decrypt.newBuilder()
                .setAuthority(wire(command.authority()))
                .setBlob(wire(command.blob()))
                .setAad(wire(command.aad()));
        return Wire.Command.newBuilder().setDecrypt(message).build();
    }

    static UseCommand<?> decrypt(Wire.Decrypt wire) throws MalformedFrameException {
        return new UseCommand.Decrypt(
                authority(wire.hasAuthority(), wire.getAuthority()), bytes(wire.getBlob()), bytes(wire.getAad()));
    }

    @Override
    public Wire.Command reEncrypt(UseCommand.ReEncrypt command) {
        var message = Wire.ReEncrypt.newBuilder()
                .setSource(wire(command.source()))
                .setBlob(wire(command.blob()))
                .setSourceAad(wire(command.sourceAad()))
                .setDestination(wire(command.destination()))
                .setDestinationAad(wire(command.destinationAad()));
        return Wire.Command.newBuilder().setReEncrypt(message).build();
    }

    static UseCommand<?> reEncrypt(Wire.ReEncrypt wire) throws MalformedFrameException {
        return new UseCommand.ReEncrypt(
                authority(wire.hasSource(), wire.getSource()),
                bytes(wire.getBlob()),
                bytes(wire.getSourceAad()),
                authority(wire.hasDestination(), wire.getDestination()),
                bytes(wire.getDestinationAad()));
    }

    @Override
    public Wire.Command generateDataKey(UseCommand.GenerateDataKey command) {
        var message = Wire.GenerateDataKey.newBuilder()
                .setAuthority(wire(command.authority()))
                .setLength(command.length())
                .setAad(wire(command.aad()))
                .setFormValue(WireEnum.DATA_KEY_FORM.number(command.form()));
        return Wire.Command.newBuilder().setGenerateDataKey(message).build();
    }

    static UseCommand<?> generateDataKey(Wire.GenerateDataKey wire) throws MalformedFrameException {
        return new UseCommand.GenerateDataKey(
                authority(wire.hasAuthority(), wire.getAuthority()),
                wire.getLength(),
                bytes(wire.getAad()),
                WireEnum.DATA_KEY_FORM.value(wire.getFormValue()));
    }

    @Override
    public Wire.Command generateRandom(UseCommand.GenerateRandom command) {
        var message = Wire.GenerateRandom.newBuilder().setLength(command.length());
        return Wire.Command.newBuilder().setGenerateRandom(message).build();
    }

    static UseCommand<?> generateRandom(Wire.GenerateRandom wire) {
        return new UseCommand.GenerateRandom(wire.getLength());
    }
}
