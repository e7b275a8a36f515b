package dev.strongroom.hsm.node.listen;

import dev.strongroom.hsm.protocol.Command;
import dev.strongroom.hsm.protocol.Reply;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/** Where the commands go that come in. Called from every event loop at once. */
public interface CommandDispatch {

    /**
     * Begins the session of a new connection.
     *
     * @param certifiedUser the HSM user that the client's certificate names; a login as anybody else does not get here
     * @param source the address it comes from, without the port
     * @param certificate SHA-256 of the client's certificate in DER, hexadecimal
     */
    Conversation begin(String certifiedUser, String source, String certificate);

    /** One connection's side of it: what it may depends on whether its login was accepted. */
    interface Conversation {

        /**
         * Begins {@code command}, given for {@code servedRequest}, without blocking. The stage may complete on any thread; it fails with {@link
         * dev.strongroom.hsm.protocol.Refused} for an expected no, with anything else for a fault.
         */
        <R extends Reply> CompletionStage<R> execute(Command<R> command, UUID servedRequest);
    }
}
