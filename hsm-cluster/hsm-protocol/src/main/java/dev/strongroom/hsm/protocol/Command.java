package dev.strongroom.hsm.protocol;

/**
 * What a client may ask of a node. One command is one step of work: it is done whole or refused.
 *
 * <p>A {@link Plaintext} inside a command belongs to the node once the command was handed over; the node closes it.
 *
 * @param <R> what the node answers when it does not refuse
 */
public sealed interface Command<R extends Reply>
        permits SessionCommand, LookupCommand, UseCommand, ChangeCommand, ImportCommand, GrantCommand, IdentityCommand {

    <T> T accept(Visitor<T> visitor);

    /** The secret that travels with the command; of no bytes if there is none. */
    default Plaintext secret() {
        return Plaintext.none();
    }

    /** One method a family of commands; each family has a visitor of its own. */
    interface Visitor<T> {
        T session(SessionCommand<?> command);

        T lookup(LookupCommand<?> command);

        T use(UseCommand<?> command);

        T change(ChangeCommand<?> command);

        T material(ImportCommand<?> command);

        T grant(GrantCommand<?> command);

        T identity(IdentityCommand<?> command);
    }
}
