package dev.strongroom.hsm.protocol;

import java.time.Duration;

/**
 * What a client may ask of a node. One command is one step of work: it is done whole or refused.
 *
 * <p>A {@link Plaintext} inside a command belongs to the node once the command was handed over; the node closes it.
 *
 * @param <R> what the node answers when it does not refuse
 */
public sealed interface Command<R extends Reply>
        permits SessionCommand, LookupCommand, UseCommand, ChangeCommand, ImportCommand, GrantCommand, IdentityCommand {

    /**
     * A long RSA key takes two thirds of a second of processor time, and many times that on a busy machine. SDKs ask anew
     * after 30 seconds without an answer, and what else a request takes fits into the rest: a caller that is told too late
     * asks for another key.
     */
    Duration RSA_LIMIT = Duration.ofSeconds(25);

    <T> T accept(Visitor<T> visitor);

    /** The secret that travels with the command; of no bytes if there is none. */
    default Plaintext secret() {
        return Plaintext.none();
    }

    /**
     * How long a client waits for the answer in all, repetitions on other nodes included.
     *
     * @param usual for commands that need no longer
     */
    default Duration limit(Duration usual) {
        return usual;
    }

    /** The limit of a command that may make or test an RSA key, as {@link #limit}. */
    static Duration limitWithRsa(Duration usual) {
        return usual.compareTo(RSA_LIMIT) > 0 ? usual : RSA_LIMIT;
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
