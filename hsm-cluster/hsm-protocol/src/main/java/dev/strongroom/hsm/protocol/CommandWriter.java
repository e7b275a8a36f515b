package dev.strongroom.hsm.protocol;

import dev.strongroom.hsm.protocol.wire.Wire;

/** Each command as its message, the secret left out. {@link CommandCodec} is the way back. */
final class CommandWriter implements Command.Visitor<Wire.Command> {

    private final SessionCodec session = new SessionCodec();
    private final LookupCodec lookup = new LookupCodec();
    private final UseCodec use = new UseCodec();
    private final ChangeCodec change = new ChangeCodec();
    private final ImportCodec material = new ImportCodec();
    private final GrantCodec grant = new GrantCodec();
    private final IdentityCodec identity = new IdentityCodec();

    @Override
    public Wire.Command session(SessionCommand<?> command) {
        return command.accept(session);
    }

    @Override
    public Wire.Command lookup(LookupCommand<?> command) {
        return command.accept(lookup);
    }

    @Override
    public Wire.Command use(UseCommand<?> command) {
        return command.accept(use);
    }

    @Override
    public Wire.Command change(ChangeCommand<?> command) {
        return command.accept(change);
    }

    @Override
    public Wire.Command material(ImportCommand<?> command) {
        return command.accept(material);
    }

    @Override
    public Wire.Command grant(GrantCommand<?> command) {
        return command.accept(grant);
    }

    @Override
    public Wire.Command identity(IdentityCommand<?> command) {
        return command.accept(identity);
    }
}
