package dev.strongroom.hsm.protocol;

import static dev.strongroom.hsm.protocol.ValueReader.commandId;
import static dev.strongroom.hsm.protocol.ValueWriter.wire;

import dev.strongroom.hsm.protocol.wire.Wire;

/** Commands that change who callers are, to their messages and back; the secret stays outside. */
final class IdentityCodec implements IdentityCommand.Visitor<Wire.Command> {

    @Override
    public Wire.Command createAccessKey(IdentityCommand.CreateAccessKey command) {
        var message = Wire.CreateAccessKey.newBuilder()
                .setCommandId(wire(command.commandId()))
                .setAccessKeyId(command.accessKeyId())
                .setAccountId(command.accountId())
                .setPrincipalArn(command.principalArn());
        return Wire.Command.newBuilder().setCreateAccessKey(message).build();
    }

    static IdentityCommand<?> createAccessKey(Wire.CreateAccessKey wire, Frame frame) throws MalformedFrameException {
        var commandId = commandId(wire.getCommandId());
        return new IdentityCommand.CreateAccessKey(
                commandId, wire.getAccessKeyId(), wire.getAccountId(), wire.getPrincipalArn(), frame.secret());
    }
}
