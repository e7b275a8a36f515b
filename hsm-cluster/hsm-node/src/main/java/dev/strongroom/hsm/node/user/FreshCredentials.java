package dev.strongroom.hsm.node.user;

import dev.strongroom.hsm.node.crypto.Entropy;
import dev.strongroom.hsm.protocol.Plaintext;
import java.util.Arrays;
import java.util.Base64;

/** Ids and secrets as AWS forms them (IAM User Guide, "IAM identifiers"). */
public final class FreshCredentials {

    /** Of access keys that last. */
    public static final String ACCESS_KEY = "AKIA";

    /** Of temporary access keys. */
    public static final String TEMPORARY_KEY = "ASIA";

    public static final String USER = "AIDA";
    public static final String ROLE = "AROA";

    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final int ID_LETTERS = 16;
    private static final int SECRET_BYTES = 30;

    private FreshCredentials() {}

    /** {@code prefix} and 80 random bits in 16 characters of base 32. */
    public static String newId(String prefix, Entropy entropy) {
        var random = new byte[ID_LETTERS];
        entropy.fill(random);
        var id = new StringBuilder(prefix);
        for (var octet : random) {
            id.append(BASE32.charAt(octet & 31));
        }
        return id.toString();
    }

    /** 240 random bits in 40 characters of base 64; the caller closes it. */
    public static Plaintext newSecret(Entropy entropy) {
        var random = new byte[SECRET_BYTES];
        entropy.fill(random);
        try {
            return Plaintext.wrap(Base64.getEncoder().encode(random));
        } finally {
            Arrays.fill(random, (byte) 0);
        }
    }
}
