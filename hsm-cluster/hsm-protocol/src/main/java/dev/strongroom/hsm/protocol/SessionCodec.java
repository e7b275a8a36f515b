package dev.strongroom.hsm.protocol;

import dev.strongroom.hsm.protocol.wire.Wire;

/** Commands of a session, to their messages and back; the secret stays outside. */
final class SessionCodec implements SessionCommand.Visitor<Wire.Command> {

    @Override
    public Wire.Command login(SessionCommand.Login command) {
        var message = Wire.Login.newBuilder().setUser(command.user());
        return Wire.Command.newBuilder().setLogin(message).build();
    }

    static SessionCommand<?> login(Wire.Login wire, Frame frame) {
        return new SessionCommand.Login(wire.getUser(), frame.secret());
    }

    @Override
    public Wire.Command describeNode(SessionCommand.DescribeNode command) {
        return Wire.Command.newBuilder()
                .setDescribeNode(Wire.DescribeNode.getDefaultInstance())
                .build();
    }

    static SessionCommand<?> describeNode(Wire.DescribeNode wire) {
        return new SessionCommand.DescribeNode();
    }
}
