package dev.strongroom.hsm.node.crypto;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import javax.crypto.Cipher;

/**
 * Which provider serves which primitive: one row each, chosen by measurement and named, so that a provider that someone
 * installs in the JVM does not change what runs here.
 */
enum Providers {
    AES_GCM("AES/GCM/NoPadding", "SunJCE"),
    SHA_224("SHA-224", "SUN"),
    SHA_256("SHA-256", "SUN"),
    SHA_384("SHA-384", "SUN"),
    SHA_512("SHA-512", "SUN"),
    /** Waits until the kernel's generator has been seeded once. */
    FIRST_SEED("NativePRNGBlocking", "SUN"),
    /** The same generator without waiting; right once {@link #FIRST_SEED} has answered. */
    SEED("NativePRNGNonBlocking", "SUN");

    private final String algorithm;
    private final String provider;

    Providers(String algorithm, String provider) {
        this.algorithm = algorithm;
        this.provider = provider;
    }

    Cipher cipher() {
        try {
            return Cipher.getInstance(algorithm, provider);
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    MessageDigest digest() {
        try {
            return MessageDigest.getInstance(algorithm, provider);
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    SecureRandom random() {
        try {
            return SecureRandom.getInstance(algorithm, provider);
        } catch (GeneralSecurityException e) {
            throw missing(e);
        }
    }

    private IllegalStateException missing(GeneralSecurityException e) {
        return new IllegalStateException("this Java platform has no " + algorithm + " from " + provider, e);
    }
}
