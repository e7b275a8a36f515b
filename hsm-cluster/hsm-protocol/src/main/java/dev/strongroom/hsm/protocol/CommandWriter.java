package dev.strongroom.hsm.protocol;

import static dev.strongroom.hsm.protocol.ValueWriter.wire;

import dev.strongroom.hsm.protocol.wire.Wire;

/** Each command as its message, the secret left out. {@link CommandCodec} is the way back. */
final class CommandWriter implements Command.Visitor<Wire.Command> {

    @Override
    public Wire.Command login(Command.Login command) {
        var message = Wire.Login.newBuilder().setUser(command.user());
        return command().setLogin(message).build();
    }

    @Override
    public Wire.Command describeNode(Command.DescribeNode command) {
        return command().setDescribeNode(Wire.DescribeNode.getDefaultInstance()).build();
    }

    @Override
    public Wire.Command findKey(Command.FindKey command) {
        var message = Wire.FindKey.newBuilder()
                .setAddress(wire(command.address()))
                .setFreshnessValue(WireEnum.FRESHNESS.number(command.freshness()));
        return command().setFindKey(message).build();
    }

    @Override
    public Wire.Command findAlias(Command.FindAlias command) {
        var message = Wire.FindAlias.newBuilder().setName(wire(command.name()));
        return command().setFindAlias(message).build();
    }

    @Override
    public Wire.Command listKeys(Command.ListKeys command) {
        var message = Wire.ListKeys.newBuilder().setScope(wire(command.scope())).setPage(wire(command.page()));
        return command().setListKeys(message).build();
    }

    @Override
    public Wire.Command listAliases(Command.ListAliases command) {
        var message =
                Wire.ListAliases.newBuilder().setScope(wire(command.scope())).setPage(wire(command.page()));
        command.keyId().ifPresent(message::setKeyId);
        return command().setListAliases(message).build();
    }

    @Override
    public Wire.Command deriveSigningKey(Command.DeriveSigningKey command) {
        var message = Wire.DeriveSigningKey.newBuilder()
                .setAccessKeyId(command.accessKeyId())
                .setDate(command.date())
                .setRegion(command.region())
                .setService(command.service())
                .setFreshnessValue(WireEnum.FRESHNESS.number(command.freshness()));
        return command().setDeriveSigningKey(message).build();
    }

    @Override
    public Wire.Command encrypt(Command.Encrypt command) {
        var message = Wire.Encrypt.newBuilder()
                .setAuthority(wire(command.authority()))
                .setAad(wire(command.aad()));
        return command().setEncrypt(message).build();
    }

    @Override
    public Wire.Command decrypt(Command.Decrypt command) {
        var message = Wire.Decrypt.newBuilder()
                .setAuthority(wire(command.authority()))
                .setBlob(wire(command.blob()))
                .setAad(wire(command.aad()));
        return command().setDecrypt(message).build();
    }

    @Override
    public Wire.Command reEncrypt(Command.ReEncrypt command) {
        var message = Wire.ReEncrypt.newBuilder()
                .setSource(wire(command.source()))
                .setBlob(wire(command.blob()))
                .setSourceAad(wire(command.sourceAad()))
                .setDestination(wire(command.destination()))
                .setDestinationAad(wire(command.destinationAad()));
        return command().setReEncrypt(message).build();
    }

    @Override
    public Wire.Command generateDataKey(Command.GenerateDataKey command) {
        var message = Wire.GenerateDataKey.newBuilder()
                .setAuthority(wire(command.authority()))
                .setLength(command.length())
                .setAad(wire(command.aad()))
                .setFormValue(WireEnum.DATA_KEY_FORM.number(command.form()));
        return command().setGenerateDataKey(message).build();
    }

    @Override
    public Wire.Command generateRandom(Command.GenerateRandom command) {
        var message = Wire.GenerateRandom.newBuilder().setLength(command.length());
        return command().setGenerateRandom(message).build();
    }

    @Override
    public Wire.Command createKey(Command.CreateKey command) {
        var message = Wire.CreateKey.newBuilder()
                .setCommandId(wire(command.commandId()))
                .setName(wire(command.name()))
                .setKey(wire(command.key()))
                .setDocuments(wire(command.documents()))
                .addAllAuthority(wire(command.authority()));
        return command().setCreateKey(message).build();
    }

    @Override
    public Wire.Command changeKey(Command.ChangeKey command) {
        var message = Wire.ChangeKey.newBuilder()
                .setCommandId(wire(command.commandId()))
                .setAuthority(wire(command.authority()))
                .setChange(wire(command.change()));
        return command().setChangeKey(message).build();
    }

    @Override
    public Wire.Command createAlias(Command.CreateAlias command) {
        var message = Wire.CreateAlias.newBuilder()
                .setCommandId(wire(command.commandId()))
                .setName(wire(command.name()))
                .setTarget(wire(command.target()));
        return command().setCreateAlias(message).build();
    }

    @Override
    public Wire.Command updateAlias(Command.UpdateAlias command) {
        var message = Wire.UpdateAlias.newBuilder()
                .setCommandId(wire(command.commandId()))
                .setAlias(wire(command.alias()))
                .setTarget(wire(command.target()));
        return command().setUpdateAlias(message).build();
    }

    @Override
    public Wire.Command deleteAlias(Command.DeleteAlias command) {
        var message = Wire.DeleteAlias.newBuilder()
                .setCommandId(wire(command.commandId()))
                .setAlias(wire(command.alias()))
                .addAllAuthority(wire(command.authority()));
        return command().setDeleteAlias(message).build();
    }

    @Override
    public Wire.Command createAccessKey(Command.CreateAccessKey command) {
        var message = Wire.CreateAccessKey.newBuilder()
                .setCommandId(wire(command.commandId()))
                .setAccessKeyId(command.accessKeyId())
                .setAccountId(command.accountId())
                .setPrincipalArn(command.principalArn());
        return command().setCreateAccessKey(message).build();
    }

    private static Wire.Command.Builder command() {
        return Wire.Command.newBuilder();
    }
}
