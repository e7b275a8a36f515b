package dev.strongroom.hsm.node.command;

import dev.strongroom.hsm.protocol.Stamp;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One authenticated connection of one HSM user. It lasts as long as the user's record stays as it was at the login: a
 * change of role, limits or credential ends it at once, here and on every node that has applied the change.
 *
 * <p>Safe for concurrent use.
 */
public final class Session {

    private final String user;
    private final String source;
    private final long number;
    private final String certificate;
    private final boolean trusted;
    private volatile @Nullable Stamp login;

    private Session(String user, String source, long number, String certificate, boolean trusted) {
        this.user = user;
        this.source = source;
        this.number = number;
        this.certificate = certificate;
        this.trusted = trusted;
    }

    /**
     * A connection over which nobody has logged in yet.
     *
     * @param user the user that the client certificate names
     * @param source where it comes from, such as an address without the port; failed logins are counted by it
     */
    public static Session ofConnection(String user, String source) {
        return ofConnection(user, source, 0, "");
    }

    /**
     * The same, as the node's audit trail knows it.
     *
     * @param number tells the sessions of one start of the node apart
     * @param certificate SHA-256 of the client's certificate in DER, hexadecimal
     */
    public static Session ofConnection(String user, String source, long number, String certificate) {
        return new Session(user, source, number, certificate, false);
    }

    /** A session of the process that the node runs in, which could read the node's memory anyway. */
    public static Session inProcess(String user) {
        return new Session(user, "this process", 0, "", true);
    }

    String user() {
        return user;
    }

    String source() {
        return source;
    }

    long number() {
        return number;
    }

    String certificate() {
        return certificate;
    }

    void opened(Stamp userRecord) {
        login = userRecord;
    }

    /** Whether this session is one of that user's record. */
    boolean isOf(Stamp userRecord) {
        return trusted || Optional.ofNullable(login).filter(userRecord::equals).isPresent();
    }

    @Override
    public String toString() {
        return "Session[" + user + " from " + source + "]";
    }
}
