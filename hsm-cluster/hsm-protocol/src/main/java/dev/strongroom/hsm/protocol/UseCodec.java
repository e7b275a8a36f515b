package dev.strongroom.hsm.protocol;

import static dev.strongroom.hsm.protocol.ValueReader.authority;
import static dev.strongroom.hsm.protocol.ValueReader.bytes;
import static dev.strongroom.hsm.protocol.ValueReader.recipient;
import static dev.strongroom.hsm.protocol.ValueWriter.wire;

import dev.strongroom.hsm.protocol.wire.Wire;

/** Commands that use keys, to their messages and back; the secret stays outside. */
final class UseCodec implements UseCommand.Visitor<Wire.Command> {

    @Override
    public Wire.Command encrypt(UseCommand.Encrypt command) {
        var message = Wire.Encrypt.newBuilder()
                .setAuthority(wire(command.authority()))
                .setAlgorithmValue(WireEnum.ENCRYPTION_ALGORITHM.number(command.algorithm()))
                .setAad(wire(command.aad()));
        return Wire.Command.newBuilder().setEncrypt(message).build();
    }

    static UseCommand<?> encrypt(Wire.Encrypt wire, Frame frame) throws MalformedFrameException {
        var authority = authority(wire.hasAuthority(), wire.getAuthority());
        var algorithm = WireEnum.ENCRYPTION_ALGORITHM.value(wire.getAlgorithmValue());
        var aad = bytes(wire.getAad());
        return new UseCommand.Encrypt(authority, algorithm, frame.secret(), aad);
    }

    @Override
    public Wire.Command decrypt(UseCommand.Decrypt command) {
        var message = Wire.Decrypt.newBuilder()
                .setAuthority(wire(command.authority()))
                .setAlgorithmValue(WireEnum.ENCRYPTION_ALGORITHM.number(command.algorithm()))
                .setBlob(wire(command.blob()))
                .setAad(wire(command.aad()));
        command.recipient().ifPresent(recipient -> message.setRecipient(wire(recipient)));
        return Wire.Command.newBuilder().setDecrypt(message).build();
    }

    static UseCommand<?> decrypt(Wire.Decrypt wire) throws MalformedFrameException {
        return new UseCommand.Decrypt(
                authority(wire.hasAuthority(), wire.getAuthority()),
                WireEnum.ENCRYPTION_ALGORITHM.value(wire.getAlgorithmValue()),
                bytes(wire.getBlob()),
                bytes(wire.getAad()),
                recipient(wire.hasRecipient(), wire.getRecipient()));
    }

    @Override
    public Wire.Command reEncrypt(UseCommand.ReEncrypt command) {
        var source = command.source();
        var destination = command.destination();
        var message = Wire.ReEncrypt.newBuilder()
                .setSource(wire(source.authority()))
                .setSourceAlgorithmValue(WireEnum.ENCRYPTION_ALGORITHM.number(source.algorithm()))
                .setSourceAad(wire(source.aad()))
                .setBlob(wire(command.blob()))
                .setDestination(wire(destination.authority()))
                .setDestinationAlgorithmValue(WireEnum.ENCRYPTION_ALGORITHM.number(destination.algorithm()))
                .setDestinationAad(wire(destination.aad()));
        return Wire.Command.newBuilder().setReEncrypt(message).build();
    }

    static UseCommand<?> reEncrypt(Wire.ReEncrypt wire) throws MalformedFrameException {
        var source = new UseCommand.Side(
                authority(wire.hasSource(), wire.getSource()),
                WireEnum.ENCRYPTION_ALGORITHM.value(wire.getSourceAlgorithmValue()),
                bytes(wire.getSourceAad()));
        var destination = new UseCommand.Side(
                authority(wire.hasDestination(), wire.getDestination()),
                WireEnum.ENCRYPTION_ALGORITHM.value(wire.getDestinationAlgorithmValue()),
                bytes(wire.getDestinationAad()));
        return new UseCommand.ReEncrypt(source, bytes(wire.getBlob()), destination);
    }

    @Override
    public Wire.Command generateDataKey(UseCommand.GenerateDataKey command) {
        var message = Wire.GenerateDataKey.newBuilder()
                .setAuthority(wire(command.authority()))
                .setLength(command.length())
                .setAad(wire(command.aad()))
                .setFormValue(WireEnum.DATA_KEY_FORM.number(command.form()));
        command.recipient().ifPresent(recipient -> message.setRecipient(wire(recipient)));
        return Wire.Command.newBuilder().setGenerateDataKey(message).build();
    }

    static UseCommand<?> generateDataKey(Wire.GenerateDataKey wire) throws MalformedFrameException {
        return new UseCommand.GenerateDataKey(
                authority(wire.hasAuthority(), wire.getAuthority()),
                wire.getLength(),
                bytes(wire.getAad()),
                WireEnum.DATA_KEY_FORM.value(wire.getFormValue()),
                recipient(wire.hasRecipient(), wire.getRecipient()));
    }

    @Override
    public Wire.Command generateRandom(UseCommand.GenerateRandom command) {
        var message =
                Wire.GenerateRandom.newBuilder().setLength(command.length()).addAllAuthority(wire(command.authority()));
        command.recipient().ifPresent(recipient -> message.setRecipient(wire(recipient)));
        return Wire.Command.newBuilder().setGenerateRandom(message).build();
    }

    static UseCommand<?> generateRandom(Wire.GenerateRandom wire) throws MalformedFrameException {
        return new UseCommand.GenerateRandom(
                wire.getLength(),
                ValueReader.stamps(wire.getAuthorityList()),
                recipient(wire.hasRecipient(), wire.getRecipient()));
    }

    @Override
    public Wire.Command generateDataKeyPair(UseCommand.GenerateDataKeyPair command) {
        var message = Wire.GenerateDataKeyPair.newBuilder()
                .setAuthority(wire(command.authority()))
                .setPairValue(WireEnum.KEY_SPEC.number(command.pair()))
                .setAad(wire(command.aad()))
                .setFormValue(WireEnum.DATA_KEY_FORM.number(command.form()));
        command.recipient().ifPresent(recipient -> message.setRecipient(wire(recipient)));
        return Wire.Command.newBuilder().setGenerateDataKeyPair(message).build();
    }

    static UseCommand<?> generateDataKeyPair(Wire.GenerateDataKeyPair wire) throws MalformedFrameException {
        return new UseCommand.GenerateDataKeyPair(
                authority(wire.hasAuthority(), wire.getAuthority()),
                WireEnum.KEY_SPEC.value(wire.getPairValue()),
                bytes(wire.getAad()),
                WireEnum.DATA_KEY_FORM.value(wire.getFormValue()),
                recipient(wire.hasRecipient(), wire.getRecipient()));
    }

    @Override
    public Wire.Command sign(UseCommand.Sign command) {
        var message = Wire.Sign.newBuilder()
                .setAuthority(wire(command.authority()))
                .setAlgorithmValue(WireEnum.SIGNING_ALGORITHM.number(command.algorithm()))
                .setTypeValue(WireEnum.MESSAGE_TYPE.number(command.type()));
        return Wire.Command.newBuilder().setSign(message).build();
    }

    static UseCommand<?> sign(Wire.Sign wire, Frame frame) throws MalformedFrameException {
        var authority = authority(wire.hasAuthority(), wire.getAuthority());
        var algorithm = WireEnum.SIGNING_ALGORITHM.value(wire.getAlgorithmValue());
        var type = WireEnum.MESSAGE_TYPE.value(wire.getTypeValue());
        return new UseCommand.Sign(authority, algorithm, type, frame.secret());
    }

    @Override
    public Wire.Command verify(UseCommand.Verify command) {
        var message = Wire.Verify.newBuilder()
                .setAuthority(wire(command.authority()))
                .setAlgorithmValue(WireEnum.SIGNING_ALGORITHM.number(command.algorithm()))
                .setTypeValue(WireEnum.MESSAGE_TYPE.number(command.type()))
                .setSignature(wire(command.signature()));
        return Wire.Command.newBuilder().setVerify(message).build();
    }

    static UseCommand<?> verify(Wire.Verify wire, Frame frame) throws MalformedFrameException {
        var authority = authority(wire.hasAuthority(), wire.getAuthority());
        var algorithm = WireEnum.SIGNING_ALGORITHM.value(wire.getAlgorithmValue());
        var type = WireEnum.MESSAGE_TYPE.value(wire.getTypeValue());
        var signature = bytes(wire.getSignature());
        return new UseCommand.Verify(authority, algorithm, type, frame.secret(), signature);
    }

    @Override
    public Wire.Command generateMac(UseCommand.GenerateMac command) {
        var message = Wire.GenerateMac.newBuilder().setAuthority(wire(command.authority()));
        return Wire.Command.newBuilder().setGenerateMac(message).build();
    }

    static UseCommand<?> generateMac(Wire.GenerateMac wire, Frame frame) throws MalformedFrameException {
        var authority = authority(wire.hasAuthority(), wire.getAuthority());
        return new UseCommand.GenerateMac(authority, frame.secret());
    }

    @Override
    public Wire.Command verifyMac(UseCommand.VerifyMac command) {
        var message = Wire.VerifyMac.newBuilder()
                .setAuthority(wire(command.authority()))
                .setMac(wire(command.mac()));
        return Wire.Command.newBuilder().setVerifyMac(message).build();
    }

    static UseCommand<?> verifyMac(Wire.VerifyMac wire, Frame frame) throws MalformedFrameException {
        var authority = authority(wire.hasAuthority(), wire.getAuthority());
        var mac = bytes(wire.getMac());
        return new UseCommand.VerifyMac(authority, frame.secret(), mac);
    }

    @Override
    public Wire.Command deriveSharedSecret(UseCommand.DeriveSharedSecret command) {
        var message = Wire.DeriveSharedSecret.newBuilder()
                .setAuthority(wire(command.authority()))
                .setPeer(wire(command.peer()));
        command.recipient().ifPresent(recipient -> message.setRecipient(wire(recipient)));
        return Wire.Command.newBuilder().setDeriveSharedSecret(message).build();
    }

    static UseCommand<?> deriveSharedSecret(Wire.DeriveSharedSecret wire) throws MalformedFrameException {
        return new UseCommand.DeriveSharedSecret(
                authority(wire.hasAuthority(), wire.getAuthority()),
                bytes(wire.getPeer()),
                recipient(wire.hasRecipient(), wire.getRecipient()));
    }

    @Override
    public Wire.Command encapsulate(UseCommand.Encapsulate command) {
        var message = Wire.Encapsulate.newBuilder().setAuthority(wire(command.authority()));
        return Wire.Command.newBuilder().setEncapsulate(message).build();
    }

    static UseCommand<?> encapsulate(Wire.Encapsulate wire) throws MalformedFrameException {
        return new UseCommand.Encapsulate(authority(wire.hasAuthority(), wire.getAuthority()));
    }

    @Override
    public Wire.Command decapsulate(UseCommand.Decapsulate command) {
        var message = Wire.Decapsulate.newBuilder()
                .setAuthority(wire(command.authority()))
                .setBlob(wire(command.blob()));
        return Wire.Command.newBuilder().setDecapsulate(message).build();
    }

    static UseCommand<?> decapsulate(Wire.Decapsulate wire) throws MalformedFrameException {
        return new UseCommand.Decapsulate(authority(wire.hasAuthority(), wire.getAuthority()), bytes(wire.getBlob()));
    }

    @Override
    public Wire.Command rehearse(UseCommand.Rehearse command) {
        var message = Wire.Rehearse.newBuilder().setUse(command.use().accept(this));
        return Wire.Command.newBuilder().setRehearse(message).build();
    }
}
