package dev.strongroom.gateway.admin;

import dev.strongroom.hsm.protocol.Plaintext;

/** Where new ids and secrets come from. */
public interface CredentialSource {

    /** {@code prefix}, such as {@code AKIA}, and 16 random characters of base 32. */
    String newId(String prefix);

    /** A secret access key of 40 visible ASCII characters; the caller closes it. */
    Plaintext newSecret();
}
