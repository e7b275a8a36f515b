package dev.strongroom.gateway.sigv4;

import java.util.List;

/** A request as its signer saw it. Text holds one character for each byte of the message (ISO 8859-1). */
public interface SignedRequest {

    String method();

    /** As sent, percent-encoding included. */
    String path();

    /** As sent, without the question mark; empty if there is none. */
    String query();

    /**
     * The values of a header in order of arrival; none if it is absent. For {@code host} of an HTTP/2 request, its
     * authority.
     *
     * @param name in lower case
     */
    List<String> header(String name);

    /** The body itself, which is not written to. */
    byte[] body();

    /** Whether nobody between the client and here could have read or changed it. */
    boolean isEncrypted();

    /** Whom to hold responsible for floods: the address of the client. */
    String source();
}
